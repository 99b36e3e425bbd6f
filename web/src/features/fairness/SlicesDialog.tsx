// By which metadata a project is cut into slices.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { fairness as api } from '../../api'
import { Button, Check, Dialog, format, TextField } from '../../ui'
import { m } from './messages'
import { edgesOf, sharesOf } from './words'

interface Draft {
  key: string
  edges: string
  most: number
  expected: string
}

const draftOf = (rule: api.SliceRule): Draft => ({ key: rule.key, edges: (rule.edges ?? []).join(' '), most: rule.most ?? 8, expected: Object.entries(rule.expected ?? {}).map(([name, share]) => `${name} ${share}`).join(', ') })

export function SlicesDialog({ project, page, onClose }: { project: string; page: api.Fairness; onClose: () => void }) {
  const client = useQueryClient()
  const [drafts, setDrafts] = useState<readonly Draft[]>(page.rules.slices.map(draftOf))
  const [least, setLeast] = useState(page.rules.people ?? 5)
  const [wrong, setWrong] = useState('')
  const keys = [...page.keys, ...drafts.filter((one) => !page.keys.some((known) => known.key === one.key)).map((one) => ({ key: one.key, values: 0, is_number: false, examples: [], quartiles: [] }))]
  const change = (key: string, part: Partial<Draft>) => setDrafts(drafts.map((one) => (one.key === key ? { ...one, ...part } : one)))
  const isRight = drafts.every((one) => edgesOf(one.edges) && sharesOf(one.expected))
  const save = async () => {
    try {
      const slices = drafts.map((one) => ({ key: one.key, edges: edgesOf(one.edges) ?? [], most: one.most, expected: sharesOf(one.expected) ?? {} }))
      client.setQueryData(['fairness', project], await api.setSlices(project, { slices, people: least }))
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={m.chooseTitle} width={620} onClose={onClose} footer={<><span className="wrong">{wrong}</span><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={!isRight} onClick={() => void save()}>{m.save}</Button></>}>
      <div className="col g3">
        <p className="t2">{page.keys.length === 0 ? m.noKeys : m.chooseText}</p>
        {keys.map((known) => {
          const draft = drafts.find((one) => one.key === known.key)
          const toggle = (on: boolean) => setDrafts(on ? [...drafts, { key: known.key, edges: known.is_number ? known.quartiles.join(' ') : '', most: 8, expected: '' }] : drafts.filter((one) => one.key !== known.key))
          return (
            <div key={known.key} className="col g2">
              <Check checked={draft !== undefined} onChange={toggle}>{known.key} <span className="t3 f12">{(known.is_number ? m.numbers : m.values)(format.count(known.values), known.examples.join(', '))}</span></Check>
              {draft && (
                <div className="row g3 fa-rule">
                  {known.is_number && <TextField label={m.edges} value={draft.edges} hint={m.edgesHint} wrong={edgesOf(draft.edges) ? '' : m.wrongEdges} onChange={(e) => change(known.key, { edges: e.target.value })} />}
                  {!draft.edges && <TextField label={m.most} type="number" min={1} max={20} value={draft.most} onChange={(e) => change(known.key, { most: e.target.valueAsNumber || 1 })} />}
                  <TextField label={m.expectedField} value={draft.expected} hint={m.expectedHint} wrong={sharesOf(draft.expected) ? '' : m.wrongExpected} onChange={(e) => change(known.key, { expected: e.target.value })} />
                </div>
              )}
            </div>
          )
        })}
        <TextField label={m.least} type="number" min={5} max={100} value={least} onChange={(e) => setLeast(e.target.valueAsNumber || 5)} />
      </div>
    </Dialog>
  )
}
