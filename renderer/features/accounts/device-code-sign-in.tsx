import { Button, Field, Input } from '@fluentui/react-components';
import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { type ProcedureInput, procedures } from '../../../core/contract/index.ts';
import { useCommand } from '../../api/index.ts';
import { ErrorNotice, Form, fieldMessage, formMessages, showAtField } from '../../ui/index.ts';
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
  const { errors } = form.formState;
  if (startFlow.data !== undefined) return <DeviceCodeWait flow={startFlow.data} onAgain={startFlow.reset} />;
  const submit = form.handleSubmit((values) =>
    startFlow.mutate(values, {
      onError: (error) => void showAtField(error, ['name', 'tenantId'], form.setError),
    }),
  );
  return (
    <Form onSubmit={submit}>
      <Field
        label="Name"
        required
        hint="As it is shown in this console."
        validationMessage={fieldMessage(errors, 'name')}
      >
        <Input {...form.register('name')} placeholder="My user" />
      </Field>
      <Field
        label="Tenant"
        required
        hint="Directory (tenant) id or domain; “organizations” for your home tenant."
        validationMessage={fieldMessage(errors, 'tenantId')}
      >
        <Input {...form.register('tenantId')} spellCheck={false} />
      </Field>
      {startFlow.error !== null && <ErrorNotice title="No code could be had" error={startFlow.error} />}
      <div>
        <Button appearance="primary" type="submit" disabled={startFlow.isPending}>
          {startFlow.isPending ? 'Asking for a code…' : 'Get a code'}
        </Button>
      </div>
    </Form>
  );
}
