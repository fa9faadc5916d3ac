import {
  type BrandVariants,
  createDarkTheme,
  createLightTheme,
  type Theme,
} from '@fluentui/react-components';

/** A mountain lake's teal; the neutrals below are warm like stone. */
const tarn: BrandVariants = {
  10: '#031719',
  20: '#07262A',
  30: '#0A343A',
  40: '#0C4149',
  50: '#0E4E58',
  60: '#0F5B67',
  70: '#106876',
  80: '#117585',
  90: '#2B8493',
  100: '#4494A1',
  110: '#5CA3AF',
  120: '#74B2BD',
  130: '#8DC2CB',
  140: '#A6D1D9',
  150: '#C0E1E7',
  160: '#DBF1F5',
};

const text = {
  fontFamilyBase: "'Inter Variable', 'Segoe UI', system-ui, sans-serif",
  fontFamilyMonospace: "'Cascadia Mono', 'SF Mono', Consolas, 'Liberation Mono', monospace",
  fontSizeBase300: '13px',
  fontSizeBase400: '14px',
} satisfies Partial<Theme>;

export const lightTheme: Theme = {
  ...createLightTheme(tarn),
  ...text,
  colorNeutralBackground1: '#FFFFFF',
  colorNeutralBackground1Hover: '#F6F5F2',
  colorNeutralBackground2: '#F7F6F3',
  colorNeutralBackground3: '#EFEDE8',
  colorNeutralForeground1: '#1B2226',
  colorNeutralForeground2: '#3C474C',
  colorNeutralForeground3: '#566066',
  colorNeutralForeground4: '#697378',
  colorNeutralStroke1: '#CFCCC4',
  colorNeutralStroke2: '#E2DFD8',
  colorNeutralStroke3: '#EFEDE8',
  colorNeutralStencil1: '#E8E5DF',
};

export const darkTheme: Theme = {
  ...createDarkTheme(tarn),
  ...text,
  colorBrandForeground1: tarn[120],
  colorBrandForegroundLink: tarn[130],
  colorBrandForegroundLinkHover: tarn[140],
  colorNeutralBackground1: '#1C2326',
  colorNeutralBackground1Hover: '#232B2F',
  colorNeutralBackground2: '#151B1E',
  colorNeutralBackground3: '#101517',
  colorNeutralForeground1: '#EDF0F0',
  colorNeutralForeground2: '#C9D0D2',
  colorNeutralForeground3: '#A3ADB1',
  colorNeutralForeground4: '#8A9599',
  colorNeutralStroke1: '#434E53',
  colorNeutralStroke2: '#2E373B',
  colorNeutralStroke3: '#252D31',
  colorNeutralStencil1: '#2A3337',
  colorNeutralBackgroundDisabled: '#262F33',
  colorNeutralForegroundDisabled: '#728085',
  colorNeutralStrokeDisabled: '#333D42',
  colorStatusWarningBackground1: '#2B2416',
  colorStatusWarningBorder1: '#6A5220',
  colorStatusDangerBackground1: '#2F1E1D',
  colorStatusDangerBorder1: '#6E3531',
  colorStatusSuccessBackground1: '#17271D',
  colorStatusSuccessBorder1: '#2F5A3E',
};
