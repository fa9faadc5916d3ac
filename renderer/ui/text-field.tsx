import { Field, type FieldProps, Input, type InputProps } from '@fluentui/react-components';
import { type Control, type FieldPathByValue, type FieldValues, useController } from 'react-hook-form';
import { asSentence } from './form-messages.ts';

export interface TextFieldProps<Values extends FieldValues> {
  readonly control: Control<Values>;
  readonly name: FieldPathByValue<Values, string>;
  readonly label: FieldProps['label'];
  readonly hint?: string;
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly type?: InputProps['type'];
  readonly autoComplete?: string;
  /** For names and ids, which no dictionary knows. */
  readonly spellCheck?: boolean;
}

/** One line of text in a form, with its label, hint and finding. */
export function TextField<Values extends FieldValues>(props: TextFieldProps<Values>) {
  const { control, name, label, hint, required = false, ...input } = props;
  const { field, fieldState } = useController({ control, name });
  const message = fieldState.error?.message;
  return (
    <Field
      label={label}
      hint={hint}
      required={required}
      validationMessage={message === undefined ? undefined : asSentence(message)}
    >
      <Input
        {...input}
        name={field.name}
        ref={field.ref}
        value={field.value}
        onBlur={field.onBlur}
        onChange={(_, { value }) => field.onChange(value)}
      />
    </Field>
  );
}
