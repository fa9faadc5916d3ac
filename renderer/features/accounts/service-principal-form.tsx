import { Button, Field } from '@fluentui/react-components';
import { zodResolver } from '@hookform/resolvers/zod';
import { useNavigate } from '@tanstack/react-router';
import { Controller, useForm } from 'react-hook-form';
import { type ProcedureInput, procedures } from '../../../core/contract/index.ts';
import { useCommand } from '../../api/index.ts';
import { ErrorNotice, Form, fieldMessage, formMessages, showAtField, TextField } from '../../ui/index.ts';
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
      <TextField
        control={form.control}
        name="name"
        label="Name"
        required
        hint="As it is shown in this console."
        placeholder="Production backup"
      />
      <TextField
        control={form.control}
        name="tenantId"
        label="Tenant"
        required
        hint="Directory (tenant) id or domain."
        placeholder="contoso.onmicrosoft.com"
        spellCheck={false}
      />
      <TextField
        control={form.control}
        name="clientId"
        label="Application (client) id"
        required
        placeholder="00000000-0000-0000-0000-000000000000"
        spellCheck={false}
      />
      {kind === 'secret' ? (
        <TextField
          control={form.control}
          name="credential.secret"
          label="Client secret"
          required
          type="password"
          autoComplete="off"
        />
      ) : (
        <Field
          label="Certificate and private key (PEM)"
          required
          hint="The file holds both a CERTIFICATE and a PRIVATE KEY block."
          validationMessage={fieldMessage(errors, 'credential.pem')}
        >
          <Controller
            control={form.control}
            name="credential.pem"
            render={({ field }) => (
              <PemInput value={field.value} onChange={field.onChange} onBlur={field.onBlur} />
            )}
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
