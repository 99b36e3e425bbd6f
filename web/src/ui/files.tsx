// Files and folders that are dropped or chosen, with their paths inside the folder.
import { useRef, useState, type DragEvent, type ReactNode } from 'react'

export interface NamedFile {
  /** Relative, with "/" between folders. */
  name: string
  file: File
}

/** Everything that was dropped, folders walked through. Hidden files of the system are left out. */
export async function filesOf(transfer: DataTransfer): Promise<NamedFile[]> {
  // The entries must be taken before the first await: afterwards the browser empties the list.
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter((e) => e !== null)
  if (entries.length === 0) return Array.from(transfer.files, (file) => ({ name: file.name, file }))
  const found = (await Promise.all(entries.map((entry) => walk(entry, '')))).flat()
  return found.filter(({ name }) => !hidden(name))
}

async function walk(entry: FileSystemEntry, at: string): Promise<NamedFile[]> {
  const name = at ? `${at}/${entry.name}` : entry.name
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    return [{ name, file }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: NamedFile[] = []
  // A reader gives at most a hundred entries at a time.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return found
    for (const one of some) found.push(...(await walk(one, name)))
  }
}

/** Files chosen in a dialog; a folder's files carry their path. */
export function chosenFiles(list: FileList | null): NamedFile[] {
  return Array.from(list ?? [], (file) => ({ name: file.webkitRelativePath || file.name, file })).filter(({ name }) => !hidden(name))
}

function hidden(name: string): boolean {
  return name.split('/').some((part) => part.startsWith('.') || part === '__MACOSX' || part === 'Thumbs.db')
}

/** An area on which files can be dropped. */
export function DropArea({ onFiles, children, className }: { onFiles: (files: NamedFile[]) => void; children: (over: boolean) => ReactNode; className: string }) {
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void filesOf(event.dataTransfer).then((files) => files.length > 0 && onFiles(files))
  }
  return (
    <div className={`${className} ${over ? 'over' : ''}`} onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={(event) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false) }} onDrop={drop}>
      {children(over)}
    </div>
  )
}

/** The machine's own dialog for files or for one folder, opened by any control. */
export function useFileDialog(onFiles: (files: NamedFile[]) => void): { inputs: ReactNode; openFiles: () => void; openFolder: () => void } {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const chosen = (input: HTMLInputElement) => {
    const list = chosenFiles(input.files)
    input.value = ''
    if (list.length > 0) onFiles(list)
  }
  const inputs = (
    <>
      <input ref={files} type="file" multiple hidden aria-hidden="true" tabIndex={-1} data-testid="files" onChange={(e) => chosen(e.currentTarget)} />
      <input ref={(element) => { folder.current = element; element?.setAttribute('webkitdirectory', '') }} type="file" multiple hidden aria-hidden="true" tabIndex={-1} data-testid="folder" onChange={(e) => chosen(e.currentTarget)} />
    </>
  )
  return { inputs, openFiles: () => files.current?.click(), openFolder: () => folder.current?.click() }
}
