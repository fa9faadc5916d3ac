/** Accounts: their list, and signing in by service principal or device code. */
export { AccountsPage } from './accounts-page.tsx';
export { AddAccountPage } from './add-account-page.tsx';
