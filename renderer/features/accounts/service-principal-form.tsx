import { Button, Field, Input } from '@fluentui/react-components';
import { zodResolver } from '@hookform/resolvers/zod';
import { useNavigate } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { type ProcedureInput, procedures } from '../../../core/contract/index.ts';
import { useCommand } from '../../api/index.ts';
import { ErrorNotice, Form, fieldMessage, formMessages, showAtField } from '../../ui/index.ts';
import { PemInput } from './pem-input.tsx';

type Values = ProcedureInput<'account.addServicePrincipal'>;
const schema = procedures['account.addServicePrincipal'].input;
const fields = ['name', 'tenantId', 'clientId', 'credential.secret', 'credential.pem'] as const;

export function ServicePrincipalForm({ kind }: { kind: 'secret' | 'certificate' }) {
  const navigate = useNavigate();
  const add = useCommand('account.addServicePrincipal');
  const form = useForm<Values>({
    resolver: zodResolver(schema, { error: formMessages }),
    mode: 'onTouched',
    defaultValues: {
      name: '',
      tenantId: '',
      clientId: '',
      credential: kind === 'secret' ? { kind, secret: '' } : { kind, pem: '' },
    },
  });
  const { errors } = form.formState;
  const submit = form.handleSubmit((values) =>
    add.mutate(values, {
      onSuccess: ({ sessionId }) => void navigate({ to: '/sessions/$sessionId', params: { sessionId } }),
      onError: (error) => void showAtField(error, fields, form.setError),
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
        <Input {...form.register('name')} placeholder="Production backup" />
      </Field>
      <Field
        label="Tenant"
        required
        hint="Directory (tenant) id or domain."
        validationMessage={fieldMessage(errors, 'tenantId')}
      >
        <Input {...form.register('tenantId')} placeholder="contoso.onmicrosoft.com" spellCheck={false} />
      </Field>
      <Field label="Application (client) id" required validationMessage={fieldMessage(errors, 'clientId')}>
        <Input
          {...form.register('clientId')}
          placeholder="00000000-0000-0000-0000-000000000000"
          spellCheck={false}
        />
      </Field>
      {kind === 'secret' ? (
        <Field label="Client secret" required validationMessage={fieldMessage(errors, 'credential.secret')}>
          <Input {...form.register('credential.secret')} type="password" autoComplete="off" />
        </Field>
      ) : (
        <Field
          label="Certificate and private key (PEM)"
          required
          hint="The file holds both a CERTIFICATE and a PRIVATE KEY block."
          validationMessage={fieldMessage(errors, 'credential.pem')}
        >
          <PemInput
            {...form.register('credential.pem')}
            onFile={(text) => form.setValue('credential.pem', text, { shouldValidate: true })}
          />
        </Field>
      )}
      {add.error !== null && <ErrorNotice title="The account was not added" error={add.error} />}
      <div>
        <Button appearance="primary" type="submit" disabled={add.isPending}>
          {add.isPending ? 'Signing in…' : 'Sign in and add'}
        </Button>
      </div>
    </Form>
  );
}
