import { Field } from '@fluentui/react-components';
import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import type { z } from 'zod';
import { useStore } from 'zustand';
import {
  CheckField,
  ChoiceCards,
  FieldRow,
  Form,
  fieldMessage,
  formMessages,
  Notice,
  TextField,
  WizardActions,
} from '../../ui/index.ts';
import {
  type DraftStore,
  type Encryption,
  knownPasswordSchema,
  newPasswordSchema,
  passwordNeed,
} from './repository-draft.ts';

const choices = [
  {
    value: 'password',
    title: 'Encrypt with a password (recommended)',
    text: 'Everything is encrypted before it leaves the worker. Nobody with access to the storage account can read it.',
  },
  {
    value: 'none',
    title: 'No encryption by Cairn',
    text: 'Whoever can read the container can read your disks. Azure still encrypts the storage account itself.',
  },
] as const;

export function EncryptionStep({ store }: { store: DraftStore }) {
  const inspection = useStore(store, (draft) => draft.inspection);
  const kept = useStore(store, (draft) => draft.encryption);
  const [kind, setKind] = useState<Encryption['kind']>(kept?.kind ?? 'password');
  const back = () => store.setState({ step: 'folder' });
  const done = (encryption: Encryption) => store.setState({ step: 'review', encryption });
  if (inspection === null) return null;
  if (passwordNeed(inspection) === 'enter') return <KnownPassword onBack={back} onDone={done} />;
  return (
    <>
      <ChoiceCards label="Encryption" value={kind} onChange={setKind} choices={choices} />
      {kind === 'password' ? (
        <NewPassword onBack={back} onDone={done} />
      ) : (
        <Form onSubmit={() => done({ kind: 'none' })}>
          <WizardActions next="Continue without encryption" onBack={back} />
        </Form>
      )}
    </>
  );
}

interface PasswordFormProps {
  readonly onBack: () => void;
  readonly onDone: (encryption: Encryption) => void;
}

function NewPassword({ onBack, onDone }: PasswordFormProps) {
  const form = useForm<z.input<typeof newPasswordSchema>>({
    resolver: zodResolver(newPasswordSchema, { error: formMessages }),
    mode: 'onTouched',
    defaultValues: { password: '', repeated: '', understood: false },
  });
  const { errors } = form.formState;
  const submit = form.handleSubmit(({ password }) => onDone({ kind: 'password', password }));
  return (
    <Form onSubmit={submit}>
      <FieldRow>
        <TextField
          control={form.control}
          name="password"
          label="Password"
          required
          hint="12 characters or more. A sentence of your own is better than a short riddle."
          type="password"
          autoComplete="new-password"
        />
        <TextField
          control={form.control}
          name="repeated"
          label="Password again"
          required
          type="password"
          autoComplete="new-password"
        />
      </FieldRow>
      <Notice intent="warning" title="A lost password means lost backups">
        Nobody can recover it: not Cairn, not Microsoft. Keep it in a password store that survives the loss of
        this computer.
      </Notice>
      <Field validationMessage={fieldMessage(errors, 'understood')}>
        <Controller
          control={form.control}
          name="understood"
          render={({ field }) => (
            <CheckField
              checked={field.value}
              onBlur={field.onBlur}
              onChange={field.onChange}
              label="I have stored the password in a safe place"
            />
          )}
        />
      </Field>
      <WizardActions next="Continue" onBack={onBack} />
    </Form>
  );
}

function KnownPassword({ onBack, onDone }: PasswordFormProps) {
  const form = useForm<z.input<typeof knownPasswordSchema>>({
    resolver: zodResolver(knownPasswordSchema, { error: formMessages }),
    mode: 'onTouched',
    defaultValues: { password: '' },
  });
  const submit = form.handleSubmit(({ password }) => onDone({ kind: 'password', password }));
  return (
    <Form onSubmit={submit}>
      <TextField
        control={form.control}
        name="password"
        label="Password of this repository"
        required
        hint="The password that was set when the repository was created."
        type="password"
        autoComplete="off"
      />
      <WizardActions next="Continue" onBack={onBack} />
    </Form>
  );
}
