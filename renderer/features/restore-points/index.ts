/** What the tables of restore points share. */
export { newestFirst, restoreColumn, stateColumn, storedColumn, takenColumn } from './point-columns.tsx';
