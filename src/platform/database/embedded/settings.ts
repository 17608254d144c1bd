import { statfsSync } from 'node:fs';
import { totalmem } from 'node:os';

const MB = 2 ** 20;
const GB = 2 ** 30;

/** What the settings depend on, in bytes. */
export interface Machine {
  readonly memory: number;
  /** Free space on the disk of the cluster. */
  readonly freeDisk: number;
  /** Size of /dev/shm; 0 when there is none. */
  readonly sharedMemory: number;
}

/** The machine, or the part of it that our container may use. */
export function thisMachine(cluster: string): Machine {
  // 0 or more than the machine has when there is no limit.
  const limit = process.constrainedMemory();
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return { memory, freeDisk: diskSize(cluster).free, sharedMemory: sharedMemorySize() };
}

function diskSize(path: string): { free: number; total: number } {
  const { bavail, blocks, bsize } = statfsSync(path);
  return { free: bavail * bsize, total: blocks * bsize };
}

function sharedMemorySize(): number {
  try {
    return diskSize('/dev/shm').total;
  } catch {
    return 0;
  }
}

/**
 * Settings of the embedded server, given on its command line so that they follow the machine and the
 * release rather than the day on which the cluster was made. What PostgreSQL does by itself is left out,
 * save where acknowledged-is-durable rests on it.
 *
 * @param sharedBuffers bytes; by default a quarter of the memory, 128 MB to 2 GB: each GB of it costs
 *   25 MB at once, in the table of its pages, and beyond 2 GB an idle server is no longer a small one
 */
export function serverSettings(machine: Machine, sharedBuffers?: number): Record<string, string> {
  const buffers = sharedBuffers ?? clamp(machine.memory / 4, 128 * MB, 2 * GB);
  // Room for an eighth of what is free, twice: while a checkpoint runs, the log of two is on the disk.
  const log = clamp(machine.freeDisk / 16, 256 * MB, 8 * GB);
  return {
    cluster_name: 'stackmeter',
    listen_addresses: '',
    unix_socket_permissions: '0700',
    max_connections: '60',
    timezone: 'UTC',
    log_timezone: 'UTC',

    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',

    shared_buffers: kilobytes(buffers),
    effective_cache_size: kilobytes(machine.memory / 2),
    work_mem: kilobytes(clamp(machine.memory / 256, 4 * MB, 32 * MB)),
    maintenance_work_mem: kilobytes(clamp(machine.memory / 32, 64 * MB, 256 * MB)),
    // Parallel workers share memory there, and a container's /dev/shm often is only 64 MB.
    dynamic_shared_memory_type: machine.sharedMemory >= 256 * MB ? 'posix' : 'mmap',
    // Three processes fewer at rest; scans read ahead by advice to the kernel all the same.
    io_method: 'sync',
    // A query over a long time locks each partition and its indexes.
    max_locks_per_transaction: '256',

    wal_level: 'minimal',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
    max_wal_size: kilobytes(log),
    min_wal_size: kilobytes(Math.min(log / 4, GB)),
    checkpoint_timeout: '15min',
    random_page_cost: '1.1',
    jit: 'off',

    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] %q%a ',
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function kilobytes(bytes: number): string {
  return `${Math.floor(bytes / 1024)}kB`;
}
