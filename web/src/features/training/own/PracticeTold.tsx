// What came of a practice item, beside the item itself: each annotation that is off with what is off, and the hints.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import * as api from '../../../api/training'
import { Icon } from '../../../ui/Icon'
import { Button } from '../../../ui/parts'
import { m } from './messages'
import './own.css'

interface Told {
  readonly item: string
  /** Whether the server has the answer. */
  readonly arrived: boolean
  readonly offline: boolean
  readonly keys: string
  readonly nameOf: (annotation: string) => string
  readonly titleOf: (field: string) => string
  readonly onShow: (annotations: readonly string[]) => void
  readonly onGoOn: () => void
}

export function PracticeTold({ item, arrived, offline, keys, nameOf, titleOf, onShow, onGoOn }: Told): ReactNode {
  const told = useQuery({ queryKey: ['practice', item], queryFn: () => api.practice(item), enabled: arrived, retry: 1, staleTime: Infinity })
  const fields = told.data?.fields ?? []
  const off = fields.flatMap((field) => field.off ?? [])
  const count = off.length + fields.filter((field) => field.missing).length
  const shown = useRef(onShow)
  const ids = off.map((one) => one.annotation).filter((id) => !fields.some((field) => field.field === id)).join()
  useEffect(() => {
    if (ids !== '') shown.current([...new Set(ids.split(','))])
  }, [ids])
  const isRight = told.data !== undefined && count === 0
  return (
    <section className="floatbar told" role="status" aria-label={m.told.title}>
      <header className="row g2">
        {isRight && <span className="ok"><Icon name="check" /></span>}
        {told.data && !isRight && <span className="warn"><Icon name="refresh" /></span>}
        <b className="grow">{told.data ? (isRight ? m.told.right : m.told.some(count)) : told.isError ? m.told.failed : offline ? m.told.offline : m.told.comparing}</b>
        <Button keys={keys} onClick={onGoOn}>{m.told.next}</Button>
      </header>
      {told.isPending && !offline && <span className="sk" />}
      {told.data && !isRight && (
        <ul>
          {fields.map((field) => (
            <li key={field.field} className="of-field">
              <p className="row g1"><span className="md">{titleOf(field.field)}</span>{field.right && <span className="ok row g1"><Icon name="check" small />{m.told.isRight}</span>}</p>
              {field.off?.map((one, i) => <Off key={`${one.annotation}.${i}`} one={one} name={field.field === one.annotation ? titleOf(field.field) : nameOf(one.annotation)} onShow={field.field === one.annotation ? undefined : () => onShow([one.annotation])} />)}
              {field.missing && <p className="t2">{m.told.missing}.</p>}
              {field.hint && <p className="hint" dir="auto">{field.hint}</p>}
            </li>
          ))}
        </ul>
      )}
      {told.data && !isRight && <p className="t3 f11">{m.told.first}</p>}
    </section>
  )
}

function Off({ one, name, onShow }: { one: api.OffPart; name: string; onShow: (() => void) | undefined }): ReactNode {
  const what = one.what === 'attribute' ? m.told.off.attribute(one.name ?? '') : m.told.off[one.what]
  return (
    <div className="off">
      <p>{onShow ? <button type="button" className="link" onClick={onShow}>{name}</button> : <span>{name}</span>} {what}.</p>
      {one.hint && <p className="hint" dir="auto">{one.hint}</p>}
    </div>
  )
}
