/** What every file system that cannot be written answers to a wish to write. */
import { FileSystemError, type Uri } from 'vscode';

/** VS Code asks a read-only file system for none of these; other extensions may. */
export abstract class ReadonlyFileSystem {
  createDirectory(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }
}
