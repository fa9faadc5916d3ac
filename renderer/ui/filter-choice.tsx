import { Dropdown, Option } from '@fluentui/react-components';

export interface FilterChoiceProps<Value extends string> {
  readonly label: string;
  /** What is shown while nothing is chosen, e.g. `All regions`. */
  readonly all: string;
  readonly choices: Readonly<Record<Value, string>>;
  readonly value: Value | undefined;
  readonly onChange: (value: Value | undefined) => void;
  /** Narrower than usual, in pixels. */
  readonly minWidth?: number;
}

/** One choice that narrows a list. */
export function FilterChoice<Value extends string>(props: FilterChoiceProps<Value>) {
  const { label, all, choices, value, onChange } = props;
  const values = Object.keys(choices) as Value[];
  return (
    <Dropdown
      aria-label={label}
      style={{ minWidth: props.minWidth ?? 150 }}
      value={value === undefined ? all : (choices[value] ?? value)}
      selectedOptions={[value ?? '']}
      onOptionSelect={(_, { optionValue }) => onChange(values.find((one) => one === optionValue))}
    >
      <Option value="">{all}</Option>
      {values.map((one) => (
        <Option key={one} value={one}>
          {choices[one]}
        </Option>
      ))}
    </Dropdown>
  );
}
