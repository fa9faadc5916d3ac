import { Field, Select } from '@fluentui/react-components';
import { Controller, useFormContext } from 'react-hook-form';
import { FieldRow, fieldMessage, Picker } from '../../ui/index.ts';
import type { PlaceForm, Places } from './target-forms.ts';

/** Subscription, resource group, region and zone; part of the two forms that restore elsewhere. */
export function PlaceFields({ places }: { places: Places }) {
  const { control, watch, setValue, formState } = useFormContext<PlaceForm>();
  const [accountId, subscriptionId] = watch(['accountId', 'subscriptionId']);
  const place = places.find((one) => one.accountId === accountId && one.subscriptionId === subscriptionId);
  const pickSubscription = (value: string) => {
    const next = places.find((one) => placeKey(one) === value);
    if (next === undefined) return;
    setValue('accountId', next.accountId);
    setValue('subscriptionId', next.subscriptionId, { shouldValidate: true });
    setValue('resourceGroup', '');
  };
  return (
    <>
      <FieldRow>
        <Field
          label="Subscription"
          required
          validationMessage={fieldMessage(formState.errors, 'subscriptionId')}
        >
          <Picker
            choices={places.map((one) => ({
              value: placeKey(one),
              text: one.subscriptionName,
              note: one.subscriptionId,
            }))}
            value={place === undefined ? '' : placeKey(place)}
            onPick={pickSubscription}
          />
        </Field>
        <Field
          label="Resource group"
          required
          validationMessage={fieldMessage(formState.errors, 'resourceGroup')}
        >
          <Controller
            control={control}
            name="resourceGroup"
            render={({ field }) => (
              <Picker
                choices={(place?.resourceGroups ?? []).map(({ name, region }) => ({
                  value: name,
                  text: name,
                  note: region,
                }))}
                value={field.value}
                placeholder="Choose or type to find"
                onPick={field.onChange}
                onBlur={field.onBlur}
              />
            )}
          />
        </Field>
      </FieldRow>
      <FieldRow>
        <Field label="Region" required validationMessage={fieldMessage(formState.errors, 'region')}>
          <Controller
            control={control}
            name="region"
            render={({ field }) => (
              <Picker
                choices={(place?.regions ?? []).map(({ name, displayName }) => ({
                  value: name,
                  text: displayName,
                  note: name,
                }))}
                value={field.value}
                onPick={field.onChange}
                onBlur={field.onBlur}
              />
            )}
          />
        </Field>
        <Field label="Availability zone" validationMessage={fieldMessage(formState.errors, 'zone')}>
          <Controller
            control={control}
            name="zone"
            render={({ field }) => (
              <Select
                value={field.value ?? ''}
                onBlur={field.onBlur}
                onChange={(_, { value }) => field.onChange(value === '' ? null : value)}
              >
                <option value="">None</option>
                <option value="1">Zone 1</option>
                <option value="2">Zone 2</option>
                <option value="3">Zone 3</option>
              </Select>
            )}
          />
        </Field>
      </FieldRow>
    </>
  );
}

function placeKey(place: Places[number]): string {
  return `${place.accountId}/${place.subscriptionId}`;
}
