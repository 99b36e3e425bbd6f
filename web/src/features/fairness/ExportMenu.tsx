// The report to take along, as CSV or Parquet: every figure with its interval, p value and the items behind it, and the record.
import { useState } from 'react'
import { fairness as api } from '../../api'
import { addressOf, Button, Dialog } from '../../ui'
import { m } from './messages'

export function ExportMenu({ project }: { project: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button icon="exp" onClick={() => setOpen(true)}>{m.tables}</Button>
      {open && (
        <Dialog title={m.tables} onClose={() => setOpen(false)}>
          <table className="cards">
            <tbody>
              {api.parts.map((part) => (
                <tr key={part}>
                  <td className="md">{m.table[part]}</td>
                  {(['csv', 'parquet'] as const).map((format) => <td key={format} className="right fit"><a className="link" href={addressOf(api.partPath(project, part, format))} download>{m[format]}</a></td>)}
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
