/** Seconds that a SAS for a worker lives. Workers ask for a new one when it runs out, so short is safe. */
export const accessSeconds = 6 * 3600;

/** Names of the workers of a session: a retry finds the same one. */
export const backupPurpose = 'backup';
export const restorePurpose = 'restore';
export const verifyPurpose = 'verify';
