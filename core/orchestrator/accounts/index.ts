/** Accounts: signing in, and connections for everything else. */
export { type AccountService, createAccountService } from './account-service.ts';
