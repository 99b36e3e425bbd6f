// Every table of the dashboard to take along, as CSV or Parquet.
import { useState } from 'react'
import * as api from '../../../api/boards'
import { addressOf, Button, Dialog } from '../../../ui'
import { m } from './messages'

export function TablesMenu({ project }: { project: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button icon="exp" onClick={() => setOpen(true)}>{m.tables}</Button>
      {open && (
        <Dialog title={m.tables} onClose={() => setOpen(false)}>
          <table className="cards">
            <tbody>
              {api.tables.map((table) => (
                <tr key={table}>
                  <td className="md">{m.table[table]}</td>
                  {(['csv', 'parquet'] as const).map((format) => <td key={format} className="right fit"><a className="link" href={addressOf(api.tablePath(project, table, format))} download>{m[format]}</a></td>)}
                </tr>
              ))}
            </tbody>
          </table>
          <p className="t3 f12" style={{ marginTop: 12 }}>{m.tablesText}</p>
        </Dialog>
      )}
    </>
  )
}
