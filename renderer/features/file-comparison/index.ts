/** Two places compared: what differs in a folder, line by line in a text. */
export { FileComparisonPage } from './file-comparison-page.tsx';
