/** What the tables of restore points share. */
export {
  browseColumn,
  newestFirst,
  restoreColumn,
  stateColumn,
  storedColumn,
  takenColumn,
} from './point-columns.tsx';
