import { Field, Input, Switch } from '@fluentui/react-components';
import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { useStore } from 'zustand';
import type { StorageAccount } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import {
  Answer,
  BlockSkeleton,
  EmptyState,
  ErrorNotice,
  Form,
  fieldMessage,
  formMessages,
  Picker,
  type PickerChoice,
  TextField,
  TextLink,
  WizardActions,
} from '../../ui/index.ts';
import { type DraftStore, type PlaceForm, placeFormSchema } from './repository-draft.ts';

export function PlaceStep({ store }: { store: DraftStore }) {
  const accounts = useProcedure('repository.storageAccounts', {});
  return (
    <Answer
      query={accounts}
      skeleton={<BlockSkeleton height={280} />}
      errorTitle="The storage accounts could not be read"
    >
      {(list) =>
        list.length === 0 ? (
          <EmptyState
            size="small"
            title="No storage account"
            text="None of your accounts can read a storage account. Create one in Azure, or add an account that can read one."
            action={<TextLink to="/accounts/add">Add an account</TextLink>}
          />
        ) : (
          <PlaceFieldsForm store={store} storageAccounts={list} />
        )
      }
    </Answer>
  );
}

function PlaceFieldsForm({
  store,
  storageAccounts,
}: {
  store: DraftStore;
  storageAccounts: readonly StorageAccount[];
}) {
  const kept = useStore(store, (draft) => draft.place);
  const form = useForm<PlaceForm>({
    resolver: zodResolver(placeFormSchema, { error: formMessages }),
    mode: 'onTouched',
    defaultValues: kept ?? { name: '', storageAccountId: '', container: '', folder: 'cairn' },
  });
  const { errors } = form.formState;
  const storageAccountId = form.watch('storageAccountId');
  const submit = form.handleSubmit((place) => {
    const storageAccount =
      storageAccounts.find(({ resourceId }) => resourceId === place.storageAccountId) ?? null;
    store.setState({ step: 'folder', place, storageAccount, inspection: null, mode: null, encryption: null });
  });
  return (
    <Form onSubmit={submit}>
      <TextField
        control={form.control}
        name="name"
        label="Name"
        required
        hint="As it is shown in this console."
        placeholder="Backups West Europe"
      />
      <Field
        label="Storage account"
        required
        validationMessage={storageAccountMessage(storageAccountId, fieldMessage(errors, 'storageAccountId'))}
      >
        <Controller
          control={form.control}
          name="storageAccountId"
          render={({ field }) => (
            <Picker
              choices={storageAccounts.map(toChoice)}
              value={field.value}
              placeholder="Choose or type to find"
              onBlur={field.onBlur}
              onPick={(value) => {
                field.onChange(value);
                form.setValue('container', '');
              }}
            />
          )}
        />
      </Field>
      <Controller
        control={form.control}
        name="container"
        render={({ field }) => (
          <ContainerField
            key={storageAccountId}
            storageAccountId={storageAccountId}
            value={field.value}
            message={fieldMessage(errors, 'container')}
            onChange={field.onChange}
            onBlur={field.onBlur}
          />
        )}
      />
      <TextField
        control={form.control}
        name="folder"
        label="Folder"
        hint="Empty for the whole container. Several repositories can share a container in folders of their own."
        spellCheck={false}
      />
      <WizardActions next="Look at the folder" />
    </Form>
  );
}

function storageAccountMessage(value: string, message: string | undefined): string | undefined {
  return message !== undefined && value === '' ? 'Choose a storage account.' : message;
}

function toChoice(account: StorageAccount): PickerChoice {
  return {
    value: account.resourceId,
    text: account.name,
    note: `${account.region} · ${account.resourceGroup} · ${account.sku}`,
    refusal: account.refusal,
  };
}

interface ContainerFieldProps {
  readonly storageAccountId: string;
  readonly value: string;
  readonly message: string | undefined;
  readonly onChange: (value: string) => void;
  readonly onBlur: () => void;
}

/** A container that exists, or the name of one to be made. */
function ContainerField({ storageAccountId, value, message, onChange, onBlur }: ContainerFieldProps) {
  const [makeNew, setMakeNew] = useState(false);
  const containers = useProcedure(
    'repository.containers',
    { storageAccountId },
    { enabled: storageAccountId !== '' },
  );
  const choices = (containers.data ?? []).map(({ name }) => ({ value: name, text: name }));
  const typed = makeNew || (containers.data !== undefined && choices.length === 0);
  return (
    <>
      <Field
        label={typed ? 'New container' : 'Container'}
        required
        hint={
          containers.data?.length === 0
            ? 'This storage account has no container yet; it will be made.'
            : undefined
        }
        validationMessage={message}
      >
        {typed ? (
          <Input
            value={value}
            spellCheck={false}
            onChange={(_, data) => onChange(data.value)}
            onBlur={onBlur}
          />
        ) : (
          <Picker
            choices={choices}
            value={value}
            placeholder={
              storageAccountId === ''
                ? 'Choose a storage account first'
                : containers.isPending
                  ? 'Reading containers…'
                  : 'Choose or type to find'
            }
            disabled={containers.data === undefined}
            onPick={onChange}
            onBlur={onBlur}
          />
        )}
      </Field>
      {containers.error !== null && (
        <ErrorNotice
          title="The containers could not be read"
          error={containers.error}
          onRetry={() => void containers.refetch()}
        />
      )}
      {choices.length > 0 && (
        <Switch
          label="Make a new container"
          checked={makeNew}
          onChange={(_, { checked }) => {
            setMakeNew(checked);
            onChange('');
          }}
        />
      )}
    </>
  );
}
