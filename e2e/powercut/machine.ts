import path from 'node:path';
import { openShop, type Shop } from '../shop.ts';
import { type ControlPair, writeControlPair } from './control.ts';
import { copyImage, createImage, type Disk, mountImage, removeImage } from './disk.ts';
import { freezeStack, killAll } from './freeze.ts';

/** A subgraph that is slow because the machine is busy must not look unavailable. */
const env = { SUBGRAPH_TIMEOUT_MS: '30000' };

/** A machine with a disk of its own, on which the system runs until its power is cut. */
export interface Machine {
  /** The data directory of the system. */
  readonly dataDir: string;
  /** The running system, if there is one. */
  readonly shop: Shop | null;
  /** Starts the system, on an empty disk if there is none. Returns when it is ready. */
  start(): Promise<Shop>;
  /**
   * Cuts the power. Then the disk is mounted, with what it had at that moment.
   *
   * @param options.onCut called as soon as nothing runs
   * @param options.keepAs a file to which the disk is also copied, or `null`
   * @returns the problems that make this no power cut
   * @throws Error when the disk cannot be copied or mounted
   */
  cutPower(options: { readonly onCut: () => void; readonly keepAs: string | null }): Promise<string[]>;
  /** Stops the system and removes the disk. The next start begins with an empty one. */
  clear(): Promise<void>;
}

/** @param signal interrupts a start */
export function createMachine(directory: string, signal: AbortSignal): Machine {
  const mountPoint = path.join(directory, 'disk');
  const dataDir = path.join(mountPoint, 'data');
  const controls = path.join(mountPoint, 'control');
  let images = 0;
  let image: string | undefined;
  let disk: Disk | undefined;
  let shop: Shop | undefined;
  let ports: Shop['stack']['ports'] | undefined;
  let frozen: readonly number[] = [];

  const newImage = (): string => path.join(directory, `disk-${(images += 1)}.img`);

  async function start(): Promise<Shop> {
    if (image === undefined) {
      image = newImage();
      await createImage(image);
    }
    disk ??= await mountImage(image, mountPoint);
    shop = await openShop({ dataDir, env, signal, ...(ports === undefined ? {} : { ports }) });
    ({ ports } = shop.stack); // clients keep their addresses
    return shop;
  }

  async function clear(): Promise<void> {
    killAll(frozen);
    frozen = [];
    await shop?.stop(); // before its supervisor starts them again
    shop = undefined;
    await disk?.unmount();
    disk = undefined;
    if (image !== undefined) await removeImage(image);
    image = undefined;
  }

  const cutPower: Machine['cutPower'] = async ({ onCut, keepAs }) => {
    if (shop === undefined || disk === undefined) throw new Error('The system does not run.');
    const control: ControlPair = await writeControlPair(controls);
    frozen = await freezeStack(shop.stack);
    onCut();
    const copy = newImage();
    await disk.copy(copy);
    await clear();
    image = copy;
    if (keepAs !== null) await copyImage(copy, keepAs);
    disk = await mountImage(copy, mountPoint);
    return control.check(controls);
  };

  return {
    dataDir,
    get shop() {
      return shop ?? null;
    },
    start,
    cutPower,
    clear,
  };
}
