// Adding gold: results that people agree on, or keys that were imported, and what they are used for.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import * as api from '../../api/gold'
import { Button, Check, Dialog, format, LongKey, PartFailure, Segmented, SkeletonRows, TextField, toast } from '../../ui'
import { m } from './messages'

const USES = ['hidden', 'practice', 'test'] as const

export function UseChoice({ use, onUse }: { use: api.Use; onUse: (use: api.Use) => void }) {
  return (
    <div className="col g1">
      <Segmented label={m.use} value={use} options={USES.map((value) => ({ value, title: m.uses[value] }))} onChange={onUse} />
      <p className="t3 f12">{m.usesText[use]}</p>
    </div>
  )
}

export function AddGold({ project, use: first, onClose }: { project: string; use: api.Use; onClose: () => void }) {
  const client = useQueryClient()
  const [source, setSource] = useState<api.Source>('result')
  const [use, setUse] = useState(first)
  const [sure, setSure] = useState(90)
  const [answers, setAnswers] = useState(2)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [wrong, setWrong] = useState<readonly string[]>([])
  const isSound = sure >= 0 && sure <= 100 && answers >= 1
  const found = useQuery({ queryKey: ['gold', project, 'candidates', source, sure, answers], queryFn: () => api.candidates(project, source, sure / 100, answers), enabled: isSound })
  const rows = found.data?.items ?? []
  const chosen = rows.filter((row) => !left.has(row.item))
  const toggle = (item: string) => { const next = new Set(left); if (!next.delete(item)) next.add(item); setLeft(next) }
  const add = async () => {
    try {
      const { made, left_out } = await api.make(project, chosen.map(({ item }) => ({ item })), use, source)
      await client.invalidateQueries({ queryKey: ['gold'] })
      toast(m.made(made.length, left_out.length))
      if (left_out.length === 0) onClose()
      else setWrong(left_out.map((one) => `${rows.find((row) => row.item === one.item)?.key ?? one.item}: ${one.why}`))
    } catch (error) {
      setWrong([error instanceof Error ? error.message : String(error)])
    }
  }
  const footer = <><Button onClick={onClose}>{m.cancel}</Button><span className="grow" /><Button look="primary" disabled={chosen.length === 0} onClick={add}>{m.chosen(chosen.length)}</Button></>
  return (
    <Dialog title={m.add} width={640} onClose={onClose} footer={footer}>
      <div className="col g2 gold-add">
        <UseChoice use={use} onUse={setUse} />
        <Segmented label={m.from} value={source} options={(['result', 'import'] as const).map((value) => ({ value, title: m.froms[value] }))} onChange={setSource} />
        {source === 'result' && (
          <div className="row g2">
            <TextField label={m.sure} type="number" min={0} max={100} value={sure} onChange={(e) => setSure(e.target.valueAsNumber || 0)} />
            <TextField label={m.answers} type="number" min={1} max={100} value={answers} onChange={(e) => setAnswers(e.target.valueAsNumber || 1)} />
          </div>
        )}
        {wrong.length > 0 && <ul className="bad f12">{wrong.map((one) => <li key={one}>{one}</li>)}</ul>}
        {found.isPending && isSound && <SkeletonRows rows={5} height={32} />}
        {found.isError && <PartFailure error={found.error} onRetry={() => void found.refetch()} />}
        {found.data && rows.length === 0 && <p className="t3">{m.noneFound[source]}</p>}
        {rows.length > 0 && (
          <div className="gold-found">
            <p className="t3 f12">{m.found(`${format.count(rows.length)}${found.data?.more ? '+' : ''}`)}</p>
            <ul>
              {rows.map((row) => (
                <li key={row.item}>
                  <Check checked={!left.has(row.item)} onChange={() => toggle(row.item)}><LongKey>{row.key}</LongKey></Check>
                  <span className="grow" />
                  <span className="t3 f12">{row.decided ? m.decided : row.sure === null ? '' : `${format.percent(row.sure)}, n ${format.count(row.answers)}`}</span>
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Dialog>
  )
}
