import { Field, Input, Select } from '@fluentui/react-components';
import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { Controller, FormProvider, useForm, useWatch } from 'react-hook-form';
import type { RestorePointDisk } from '../../../core/contract/index.ts';
import { BytesText, CheckField, Form, fieldMessage, formMessages, WizardActions } from '../../ui/index.ts';
import styles from './disks-target-form.module.css';
import { PlaceFields } from './place-fields.tsx';
import { type DisksForm, disksFormFor, disksFormSchema, type Places, toDisksTarget } from './target-forms.ts';
import type { TargetFormProps } from './target-step.tsx';
import { VerifyField } from './verify-field.tsx';

const skus = {
  Standard_LRS: 'Standard HDD',
  StandardSSD_LRS: 'Standard SSD',
  Premium_LRS: 'Premium SSD',
  StandardSSD_ZRS: 'Standard SSD, zone-redundant',
  Premium_ZRS: 'Premium SSD, zone-redundant',
} as const;

export function DisksTargetForm(props: TargetFormProps & { places: Places }) {
  const { point, places, target, onBack, onDone } = props;
  const [verify, setVerify] = useState(props.verify);
  const form = useForm<DisksForm>({
    resolver: zodResolver(disksFormSchema, { error: formMessages }),
    mode: 'onTouched',
    defaultValues: disksFormFor(point, places, target),
  });
  const submit = form.handleSubmit((values) => onDone(toDisksTarget(values), verify));
  return (
    <FormProvider {...form}>
      <Form onSubmit={submit}>
        <fieldset className={styles.disks}>
          <legend>Disks and their new names</legend>
          {point.disks.map((disk, position) => (
            <DiskRow key={disk.index} disk={disk} position={position} />
          ))}
        </fieldset>
        <PlaceFields places={places} />
        <Field label="Disk SKU">
          <Controller
            control={form.control}
            name="sku"
            render={({ field }) => (
              <Select
                value={field.value ?? ''}
                onChange={(_, { value }) => field.onChange(value === '' ? null : value)}
              >
                <option value="">Like the original disks</option>
                {Object.entries(skus).map(([sku, text]) => (
                  <option key={sku} value={sku}>
                    {text} ({sku})
                  </option>
                ))}
              </Select>
            )}
          />
        </Field>
        <VerifyField verify={verify} onChange={setVerify} />
        <WizardActions next="Make the plan" onBack={onBack} />
      </Form>
    </FormProvider>
  );
}

function DiskRow({ disk, position }: { disk: RestorePointDisk; position: number }) {
  const chosen = useWatch<DisksForm, `disks.${number}.chosen`>({ name: `disks.${position}.chosen` });
  return (
    <Controller<DisksForm, `disks.${number}.name`>
      name={`disks.${position}.name`}
      render={({ field, formState }) => (
        <div className={styles.row}>
          <Controller<DisksForm, `disks.${number}.chosen`>
            name={`disks.${position}.chosen`}
            render={({ field: choice }) => (
              <CheckField
                checked={choice.value}
                onChange={choice.onChange}
                label={<span className={styles.name}>{disk.name}</span>}
                note={
                  <>
                    {disk.os ? 'OS disk' : disk.lun === null ? 'Data disk' : `LUN ${disk.lun}`},{' '}
                    <BytesText bytes={disk.sizeBytes} />, {disk.sku}
                  </>
                }
              />
            )}
          />
          <Field validationMessage={fieldMessage(formState.errors, `disks.${position}.name`)}>
            <Input
              aria-label={`New name of ${disk.name}`}
              value={field.value}
              disabled={!chosen}
              spellCheck={false}
              ref={field.ref}
              onBlur={field.onBlur}
              onChange={(_, { value }) => field.onChange(value)}
            />
          </Field>
        </div>
      )}
    />
  );
}
