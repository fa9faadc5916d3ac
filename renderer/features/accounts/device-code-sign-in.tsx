import { Button } from '@fluentui/react-components';
import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { type ProcedureInput, procedures } from '../../../core/contract/index.ts';
import { useCommand } from '../../api/index.ts';
import { ErrorNotice, Form, formMessages, showAtField, TextField } from '../../ui/index.ts';
import { DeviceCodeWait } from './device-code-wait.tsx';

type Values = ProcedureInput<'account.startDeviceCode'>;
const schema = procedures['account.startDeviceCode'].input;

/** First whose account it is and in which tenant, then the code to type elsewhere. */
export function DeviceCodeSignIn() {
  const startFlow = useCommand('account.startDeviceCode');
  const form = useForm<Values>({
    resolver: zodResolver(schema, { error: formMessages }),
    mode: 'onTouched',
    defaultValues: { name: '', tenantId: 'organizations' },
  });
  if (startFlow.data !== undefined) return <DeviceCodeWait flow={startFlow.data} onAgain={startFlow.reset} />;
  const submit = form.handleSubmit((values) =>
    startFlow.mutate(values, {
      onError: (error) => void showAtField(error, ['name', 'tenantId'], form.setError),
    }),
  );
  return (
    <Form onSubmit={submit}>
      <TextField
        control={form.control}
        name="name"
        label="Name"
        required
        hint="As it is shown in this console."
        placeholder="My user"
      />
      <TextField
        control={form.control}
        name="tenantId"
        label="Tenant"
        required
        hint="Directory (tenant) id or domain; “organizations” for your home tenant."
        spellCheck={false}
      />
      {startFlow.error !== null && <ErrorNotice title="No code could be had" error={startFlow.error} />}
      <div>
        <Button appearance="primary" type="submit" disabled={startFlow.isPending}>
          {startFlow.isPending ? 'Asking for a code…' : 'Get a code'}
        </Button>
      </div>
    </Form>
  );
}
