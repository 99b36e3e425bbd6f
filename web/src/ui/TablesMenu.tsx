// Tables to take along, each as CSV or Parquet: a button that opens them.
import { useState } from 'react'
import { Dialog } from './Dialog'
import { addressOf } from './navigation'
import { Button } from './parts'

const FORMATS = { csv: 'CSV', parquet: 'Parquet' } as const

interface TablesMenuProps {
  /** Of the button and the dialog. */
  title: string
  /** What there is to know of all of them. */
  text: string
  /** Each with its name, and where its file is. */
  tables: readonly { key: string; name: string | undefined; path: (format: keyof typeof FORMATS) => string }[]
}

export function TablesMenu({ title, text, tables }: TablesMenuProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button icon="exp" onClick={() => setOpen(true)}>{title}</Button>
      {open && (
        <Dialog title={title} onClose={() => setOpen(false)}>
          <table className="cards">
            <tbody>
              {tables.map(({ key, name, path }) => (
                <tr key={key}>
                  <td className="md">{name}</td>
                  {(['csv', 'parquet'] as const).map((format) => <td key={format} className="right fit"><a className="link" href={addressOf(path(format))} download>{FORMATS[format]}</a></td>)}
                </tr>
              ))}
            </tbody>
          </table>
          <p className="t3 f12" style={{ marginTop: 12 }}>{text}</p>
        </Dialog>
      )}
    </>
  )
}
