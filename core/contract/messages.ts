import { z } from 'zod';
import { errorRecordSchema } from './errors.ts';
import { filePathSchema, filePlaceSchema, volumeIdSchema } from './files.ts';
import { bytesSchema, idSchema } from './scalars.ts';

/**
 * What core and a worker say to each other over two queues. Every message is versioned, numbered by its sender,
 * harmless when it arrives twice or late, and checked here before anybody acts on it.
 * The envelope (sealing, authentication) is described in docs/worker-protocol.md.
 */

export const workerProtocolVersion = 1;

const base64Schema = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'must be base64');
const sequenceSchema = z.int().min(1).max(2_000_000_000);

/** The outer shape of every queue message; `body` is JSON text in clear, sealed bytes, or the address of a sealed blob. */
export const envelopeSchema = z.strictObject({
  v: z.literal(workerProtocolVersion),
  session: idSchema,
  worker: idSchema,
  /** Grows by one with each message of one sender. */
  seq: sequenceSchema,
  body: z.discriminatedUnion('form', [
    /** Worker to core: JSON text with an HMAC-SHA-256 over it. Holds no secret. */
    z.strictObject({ form: z.literal('signed'), text: z.string().max(48_000), mac: base64Schema.max(64) }),
    /** Core to worker: sealed to the worker's key. */
    z.strictObject({
      form: z.literal('sealed'),
      key: base64Schema.max(64),
      nonce: base64Schema.max(32),
      data: base64Schema.max(64_000),
    }),
  ]),
});
export type Envelope = z.infer<typeof envelopeSchema>;

// ------------------------------------------------------------------------------------------ tasks
const diskTaskFields = {
  /** Position in the restore point; 0 is the OS disk. */
  index: z.int().min(0).max(63),
  name: z.string().min(1).max(256),
  sizeBytes: bytesSchema,
};

/** Where the repository is. How to get in is in the secrets. */
const repositoryAccessSchema = z.strictObject({
  /** Folder within the container; empty for its root. */
  folder: z.string().max(300),
  encrypted: z.boolean(),
});

export const backupTaskSchema = z.strictObject({
  kind: z.literal('backup'),
  repository: repositoryAccessSchema,
  resource: z.strictObject({
    workload: z.string().max(40),
    id: z.string().max(2048),
    name: z.string().max(200),
  }),
  disks: z
    .array(
      z.strictObject({
        ...diskTaskFields,
        /** Stable over backups: the managed disk's unique id. */
        id: z.string().min(1).max(200),
        /** True when the secrets hold a SAS of the previous point's snapshot to compare with. */
        compare: z.boolean(),
      }),
    )
    .min(1)
    .max(64),
  /** Point whose unchanged parts are shared; null for a full backup. */
  previousPoint: z.string().max(128).nullable(),
  /** The machine's saved configuration, kept inside the point. */
  document: z.unknown(),
  /** When the snapshots were taken. */
  takenAt: z.iso.datetime(),
});
export type BackupTask = z.infer<typeof backupTaskSchema>;

export const restoreTaskSchema = z.strictObject({
  kind: z.literal('restore'),
  repository: repositoryAccessSchema,
  point: z.string().min(1).max(128),
  disks: z
    .array(
      z.strictObject({
        ...diskTaskFields,
        /** Name of the disk in the point is `name`; id of the new disk for messages. */
        target: z.string().max(2048),
        /** Where an earlier worker stopped; everything below is written. */
        startAt: bytesSchema,
      }),
    )
    .min(1)
    .max(64),
});
export type RestoreTask = z.infer<typeof restoreTaskSchema>;

export const verifyTaskSchema = z.strictObject({
  kind: z.literal('verify'),
  repository: repositoryAccessSchema,
  point: z.string().min(1).max(128),
  disks: z
    .array(z.strictObject({ ...diskTaskFields, target: z.string().max(2048) }))
    .min(1)
    .max(64),
});
export type VerifyTask = z.infer<typeof verifyTaskSchema>;

/** Serves the files of a point, or of its kept snapshots, over HTTPS until it is told to stop or nobody uses it. */
export const fileRecoveryTaskSchema = z.strictObject({
  kind: z.literal('file-recovery'),
  source: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('repository'),
      repository: repositoryAccessSchema,
      point: z.string().min(1).max(128),
    }),
    /** Each disk's snapshot, by its read SAS in the secrets. */
    z.strictObject({
      kind: z.literal('snapshots'),
      disks: z.array(z.strictObject(diskTaskFields)).min(1).max(64),
    }),
  ]),
  /** TCP port to listen on; 0 for any. */
  port: z.int().min(0).max(65_535),
  /** Ends by itself after so long without a request and without an `extend`. */
  idleMs: z.int().min(1000).max(86_400_000),
});
export type FileRecoveryTask = z.infer<typeof fileRecoveryTaskSchema>;

export const workerTaskSchema = z.discriminatedUnion('kind', [
  backupTaskSchema,
  restoreTaskSchema,
  verifyTaskSchema,
  fileRecoveryTaskSchema,
]);
export type WorkerTask = z.infer<typeof workerTaskSchema>;
export type WorkerTaskKind = WorkerTask['kind'];

const serviceTokenSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be a token');

/** What lets the worker in. Travels sealed only; renewed on request. */
export const taskSecretsSchema = z.strictObject({
  /** Container URL with its SAS; null for a task that reads snapshots only. */
  repositoryUrl: z.url().max(4096).nullable(),
  /** Base64 of the repository's 32-byte data key; null for an unencrypted repository. */
  dataKey: base64Schema.max(64).nullable(),
  /** By disk index: read SAS of the snapshot (backup) or of the new disk (verify), write SAS (restore). */
  disks: z
    .array(
      z.strictObject({
        index: z.int().min(0).max(63),
        url: z.url().max(4096),
        /** Read SAS of the previous point's snapshot, when the task says `compare`. */
        previousUrl: z.url().max(4096).nullable(),
      }),
    )
    .max(64),
  /** Bearer token of the file service: base64url of 32 bytes. File recovery only. */
  serviceToken: serviceTokenSchema.optional(),
});
export type TaskSecrets = z.infer<typeof taskSecretsSchema>;

// ---------------------------------------------------------------------------------------- results
export const backupResultSchema = z.strictObject({
  kind: z.literal('backup'),
  pointId: z.string().min(1).max(128),
  diskBytes: bytesSchema,
  /** Read from the snapshots: allocated or changed ranges. */
  readBytes: bytesSchema,
  storedBytes: bytesSchema,
  deduplicatedBytes: bytesSchema,
  zeroBytes: bytesSchema,
  mapBytes: bytesSchema,
  /** Disks read in full although a comparison was asked for, with the reason. */
  fullDisks: z.array(z.strictObject({ index: z.int(), reason: z.string().max(500) })).max(64),
});
export const restoreResultSchema = z.strictObject({
  kind: z.literal('restore'),
  disks: z
    .array(z.strictObject({ index: z.int(), diskBytes: bytesSchema, writtenBytes: bytesSchema }))
    .max(64),
});
export const verifyResultSchema = z.strictObject({
  kind: z.literal('verify'),
  /** `firstDifference`: offset of the first byte area that differs; null when the disk equals the point. */
  disks: z
    .array(
      z.strictObject({ index: z.int(), comparedBytes: bytesSchema, firstDifference: bytesSchema.nullable() }),
    )
    .max(64),
});
export const fileRecoveryResultSchema = z.strictObject({
  kind: z.literal('file-recovery'),
  reason: z.enum(['idle', 'finished']),
  requests: z.int().min(0),
  /** Given out, archives included. */
  sentBytes: bytesSchema,
});
export const taskResultSchema = z.discriminatedUnion('kind', [
  backupResultSchema,
  restoreResultSchema,
  verifyResultSchema,
  fileRecoveryResultSchema,
]);
export type TaskResult = z.infer<typeof taskResultSchema>;

export const workerProgressSchema = z.strictObject({
  /** 0 while unknown. */
  totalBytes: bytesSchema,
  doneBytes: bytesSchema,
  storedBytes: bytesSchema,
  /** Restores: offset up to which each disk is written, to go on from after a lost worker. */
  resume: z.array(z.strictObject({ index: z.int().min(0).max(63), offset: bytesSchema })).max(64),
});
export type WorkerProgress = z.infer<typeof workerProgressSchema>;

/** Lower-case hex. */
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** What left over a share link. */
export const sharedItemSchema = z.strictObject({
  /** Id of the link. */
  share: idSchema,
  time: z.iso.datetime(),
  volumeId: volumeIdSchema,
  /** Cut off where it would not fit into a queue message. */
  path: filePathSchema.max(8000),
  /** Address of the browser that took it. */
  target: z.string().max(200),
  files: z.int().min(0),
  bytes: bytesSchema,
  sha256: sha256Schema.nullable(),
  outcome: z.enum(['done', 'partial', 'failed', 'cancelled']),
});
export type SharedItemMessage = z.infer<typeof sharedItemSchema>;

// --------------------------------------------------------------------------------------- messages
/** From a worker to core. */
export const workerMessageSchema = z.discriminatedUnion('type', [
  /** The first message of a worker: its public key, and its certificate's fingerprint. */
  z.strictObject({
    type: z.literal('hello'),
    /** Raw X25519 public key, 32 bytes. */
    publicKey: base64Schema.length(44),
    /** SHA-256 of the DER certificate, lower-case hex; empty when this worker serves nothing over TLS. */
    tlsFingerprint: z.string().regex(/^([0-9a-f]{64})?$/),
    version: z.string().max(100),
    architecture: z.string().max(20),
  }),
  z.strictObject({ type: z.literal('alive') }),
  /** `task` is the `seq` of the task message that this is about. */
  z.strictObject({ type: z.literal('progress'), task: sequenceSchema, progress: workerProgressSchema }),
  z.strictObject({
    type: z.literal('log'),
    level: z.enum(['info', 'warning', 'error']),
    text: z.string().max(2000),
    details: z.record(z.string().max(100), z.string().max(2000)),
  }),
  /** A SAS has expired or will; core answers with `secrets`. */
  z.strictObject({ type: z.literal('renew'), task: sequenceSchema }),
  /** The file service answers on this port, with a certificate of this SHA-256 (of its DER form). */
  z.strictObject({
    type: z.literal('serving'),
    task: sequenceSchema,
    port: z.int().min(1).max(65_535),
    fingerprint: sha256Schema,
  }),
  z.strictObject({ type: z.literal('taken'), task: sequenceSchema, item: sharedItemSchema }),
  z.strictObject({ type: z.literal('done'), task: sequenceSchema, result: taskResultSchema }),
  z.strictObject({ type: z.literal('failed'), task: sequenceSchema, error: errorRecordSchema }),
  z.strictObject({ type: z.literal('goodbye'), reason: z.string().max(500) }),
]);
export type WorkerMessage = z.infer<typeof workerMessageSchema>;

/** From core to a worker; always sealed. */
export const coreMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('task'), task: workerTaskSchema, secrets: taskSecretsSchema }),
  /** The real message is a blob: AES-256-GCM under `key`, found by `url` (a read SAS), with this SHA-256. */
  z.strictObject({
    type: z.literal('blob'),
    url: z.url().max(4096),
    key: base64Schema.length(44),
    nonce: base64Schema.length(16),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    length: z
      .int()
      .min(1)
      .max(64 * 1024 * 1024),
  }),
  z.strictObject({ type: z.literal('secrets'), task: sequenceSchema, secrets: taskSecretsSchema }),
  /** New addresses of the two queues, before the old ones expire. */
  z.strictObject({ type: z.literal('queues'), inboxUrl: z.url().max(4096), outboxUrl: z.url().max(4096) }),
  z.strictObject({ type: z.literal('cancel'), task: sequenceSchema }),
  /** File recovery: the idle time begins again, with this length. */
  z.strictObject({
    type: z.literal('extend'),
    task: sequenceSchema,
    idleMs: z.int().min(1000).max(86_400_000),
  }),
  /** File recovery: a link for a colleague works from now on for so long. `tokenHash`: SHA-256 of its secret. */
  z.strictObject({
    type: z.literal('share'),
    task: sequenceSchema,
    share: z.strictObject({
      id: idSchema,
      tokenHash: sha256Schema,
      durationMs: z.int().min(1000).max(86_400_000),
      /** Null: everything. */
      scope: filePlaceSchema.nullable(),
    }),
  }),
  z.strictObject({ type: z.literal('unshare'), task: sequenceSchema, share: idSchema }),
  /** File recovery: end the task with a result. */
  z.strictObject({ type: z.literal('finish'), task: sequenceSchema }),
  z.strictObject({ type: z.literal('alive') }),
  /** Finish: nothing more will come. */
  z.strictObject({ type: z.literal('stop') }),
]);
export type CoreMessage = z.infer<typeof coreMessageSchema>;

/** What cloud-init writes for the agent. Its only secrets are short-lived: a one-time token and the queues' SAS. */
export const bootConfigurationSchema = z.strictObject({
  v: z.literal(workerProtocolVersion),
  session: idSchema,
  worker: idSchema,
  /** Base64, 32 bytes; authenticates the hello and everything after it. */
  token: base64Schema.length(44),
  /** Core writes, the worker reads. */
  inboxUrl: z.url().max(4096),
  /** The worker writes, core reads. */
  outboxUrl: z.url().max(4096),
  /** Milliseconds between two signs of life of the worker. */
  heartbeatMs: z.int().min(100).max(600_000),
  /** Milliseconds without any message from core after which the worker shuts itself down. */
  coreSilenceMs: z.int().min(500).max(86_400_000),
  /** Milliseconds between two looks into the inbox. */
  pollMs: z.int().min(20).max(60_000),
});
export type BootConfiguration = z.infer<typeof bootConfigurationSchema>;
