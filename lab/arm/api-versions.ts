/**
 * The versions the lab answers to: those that the locked SDK packages send, and a few earlier stable ones whose
 * shapes are the same for what the lab shows. Anything else gets Azure's 400.
 */
export const apiVersions = {
  virtualMachines: ['2024-07-01', '2024-11-01', '2025-04-01', '2026-04-01'],
  disks: ['2024-03-02', '2025-01-02', '2026-03-02'],
  skus: ['2021-07-01'],
  network: ['2024-05-01', '2024-07-01', '2025-01-01', '2026-01-01'],
  storage: ['2024-01-01', '2025-01-01', '2026-09-01'],
  resources: ['2021-04-01', '2024-11-01', '2025-04-01'],
  subscriptions: ['2021-01-01', '2022-12-01'],
  authorization: ['2022-04-01'],
} as const;
