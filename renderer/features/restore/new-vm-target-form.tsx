import { Field } from '@fluentui/react-components';
import { zodResolver } from '@hookform/resolvers/zod';
import { useEffect, useState } from 'react';
import { Controller, FormProvider, useForm, useFormContext } from 'react-hook-form';
import { useProcedure } from '../../api/index.ts';
import {
  CheckField,
  ErrorNotice,
  FieldRow,
  Form,
  fieldMessage,
  formMessages,
  Picker,
  TextField,
  WizardActions,
} from '../../ui/index.ts';
import { PlaceFields } from './place-fields.tsx';
import { type NewVmForm, newVmFormFor, newVmFormSchema, type Places, toNewVmTarget } from './target-forms.ts';
import type { TargetFormProps } from './target-step.tsx';
import { VerifyField } from './verify-field.tsx';

export function NewVmTargetForm(props: TargetFormProps & { places: Places }) {
  const { point, places, target, onBack, onDone } = props;
  const [verify, setVerify] = useState(props.verify);
  const original = useProcedure('vm.get', { resourceId: point.resourceId }).data?.vm;
  const form = useForm<NewVmForm>({
    resolver: zodResolver(newVmFormSchema, { error: formMessages }),
    mode: 'onTouched',
    defaultValues: newVmFormFor({ point, places, target, size: original?.size ?? '' }),
  });
  const { dirtyFields } = form.formState;
  useEffect(() => {
    // The original's size is only a suggestion, and may arrive after the form is shown.
    if (original !== undefined && target === null && dirtyFields.size !== true)
      form.setValue('size', original.size);
  }, [original, target, dirtyFields.size, form]);
  const submit = form.handleSubmit((values) => onDone(toNewVmTarget(values), verify));
  return (
    <FormProvider {...form}>
      <Form onSubmit={submit}>
        <TextField
          control={form.control}
          name="name"
          label="Name of the new machine"
          required
          spellCheck={false}
        />
        <PlaceFields places={places} />
        <SizeField />
        <NetworkFields />
        <div>
          <Flag name="publicIp" label="Give it a public IP address" />
          <Flag name="start" label="Start it after the restore" />
        </div>
        <VerifyField verify={verify} onChange={setVerify} />
        <WizardActions next="Make the plan" onBack={onBack} />
      </Form>
    </FormProvider>
  );
}

function SizeField() {
  const { control, watch, formState } = useFormContext<NewVmForm>();
  const [accountId, subscriptionId, region] = watch(['accountId', 'subscriptionId', 'region']);
  const sizes = useProcedure(
    'restore.sizes',
    { accountId, subscriptionId, region },
    { enabled: region !== '' },
  );
  return (
    <>
      <Field label="Size" required validationMessage={fieldMessage(formState.errors, 'size')}>
        <Controller
          control={control}
          name="size"
          render={({ field }) => (
            <Picker
              choices={(sizes.data ?? []).map((size) => ({
                value: size.name,
                text: size.name,
                note: `${size.cores} ${size.cores === 1 ? 'core' : 'cores'}, ${size.memoryGib} GiB memory, ${size.maxDataDisks} data disks`,
                refusal: size.refusal,
              }))}
              value={field.value}
              placeholder={sizes.isPending ? 'Reading sizes…' : 'Choose or type to find'}
              onPick={field.onChange}
              onBlur={field.onBlur}
            />
          )}
        />
      </Field>
      {sizes.error !== null && (
        <ErrorNotice
          title="The sizes could not be read"
          error={sizes.error}
          onRetry={() => void sizes.refetch()}
        />
      )}
    </>
  );
}

function NetworkFields() {
  const { control, watch, formState } = useFormContext<NewVmForm>();
  const [accountId, subscriptionId, region] = watch(['accountId', 'subscriptionId', 'region']);
  const networks = useProcedure(
    'restore.networks',
    { accountId, subscriptionId, region },
    { enabled: region !== '' },
  );
  const subnets = networks.data?.subnets ?? [];
  const none = networks.data !== undefined && subnets.length === 0;
  return (
    <>
      <FieldRow>
        <Field
          label="Subnet"
          required
          hint={none ? 'This region has no virtual network in this subscription.' : undefined}
          validationMessage={
            fieldMessage(formState.errors, 'subnetId') === undefined ? undefined : 'Choose a subnet.'
          }
        >
          <Controller
            control={control}
            name="subnetId"
            render={({ field }) => (
              <Picker
                choices={subnets.map(({ id, name, network, prefix }) => ({
                  value: id,
                  text: `${network} / ${name}`,
                  note: prefix,
                }))}
                value={field.value}
                placeholder={networks.isPending ? 'Reading networks…' : 'Choose or type to find'}
                onPick={field.onChange}
                onBlur={field.onBlur}
              />
            )}
          />
        </Field>
        <Field label="Network security group">
          <Controller
            control={control}
            name="securityGroupId"
            render={({ field }) => (
              <Picker
                choices={[
                  { value: '', text: 'None' },
                  ...(networks.data?.securityGroups ?? []).map(({ id, name }) => ({ value: id, text: name })),
                ]}
                value={field.value ?? ''}
                onPick={(value) => field.onChange(value === '' ? null : value)}
                onBlur={field.onBlur}
              />
            )}
          />
        </Field>
      </FieldRow>
      {networks.error !== null && (
        <ErrorNotice
          title="The networks could not be read"
          error={networks.error}
          onRetry={() => void networks.refetch()}
        />
      )}
    </>
  );
}

function Flag({ name, label }: { name: 'publicIp' | 'start'; label: string }) {
  const { control } = useFormContext<NewVmForm>();
  return (
    <Controller
      control={control}
      name={name}
      render={({ field }) => <CheckField label={label} checked={field.value} onChange={field.onChange} />}
    />
  );
}
