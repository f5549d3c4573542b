import { randomBytes } from 'node:crypto';
import { ServiceError, type Place } from './service';

type Input = Record<string, unknown>;

/** Amazon FSx as CloudFormation calls it: file systems that are there at once. */
export class FileSystems {
  private readonly fileSystems = new Map<string, Input>();

  private readonly operations: Record<string, (input: Input, place: Place) => object> = {
    CreateFileSystem: ({ SecurityGroupIds: _, Tags: __, LustreConfiguration: lustre, ...input }, { account, region }) => {
      const FileSystemId = `fs-${randomBytes(9).toString('hex').slice(0, 17)}`;
      const fileSystem = {
        ...input,
        FileSystemId,
        Lifecycle: 'AVAILABLE',
        DNSName: `${FileSystemId}.fsx.${region}.amazonaws.com`,
        ResourceARN: `arn:aws:fsx:${region}:${account}:file-system/${FileSystemId}`,
        LustreConfiguration: { ...lustre as Input, MountName: randomBytes(4).toString('hex') },
      };
      this.fileSystems.set(FileSystemId, fileSystem);
      return { FileSystem: fileSystem };
    },
    UpdateFileSystem: ({ FileSystemId: id, LustreConfiguration: lustre, ...changed }) => {
      const old = this.found(id);
      const fileSystem = { ...old, ...changed, LustreConfiguration: { ...old.LustreConfiguration as Input, ...lustre as Input } };
      this.fileSystems.set(id as string, fileSystem);
      return { FileSystem: fileSystem };
    },
    DeleteFileSystem: ({ FileSystemId: id }) => {
      this.found(id);
      this.fileSystems.delete(id as string);
      return { FileSystemId: id, Lifecycle: 'DELETING' };
    },
    TagResource: () => ({}),
    UntagResource: () => ({}),
  };

  /** The ids of all that there is. */
  public get ids(): string[] {
    return [...this.fileSystems.keys()];
  }

  public clear(): void {
    this.fileSystems.clear();
  }

  /** Answers a request. */
  public call(operation: string, input: Input, place: Place): object {
    return this.operations[operation](input, place);
  }

  private found(id: unknown): Input {
    const fileSystem = this.fileSystems.get(id as string);
    if (!fileSystem) { throw new ServiceError('FileSystemNotFound', `File system '${id as string}' does not exist.`); }
    return fileSystem;
  }
}
