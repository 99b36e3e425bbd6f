// The ways out of a stage: where to, which share, under which conditions.
import { Button, IconButton, SelectField, TextField } from '../../../ui'
import { m } from './messages'
import { conditionsOf, KINDS, newCondition, VERDICTS, waysOf, whenOf, type Condition, type Edge, type Kind, type Stage } from './policy'

interface Props { stage: Stage; stages: readonly string[]; fields: readonly string[]; onWays: (ways: Edge[]) => void }

export function WaysForm({ stage, stages, fields, onWays }: Props) {
  const ways = waysOf(stage)
  const put = (index: number, way: Edge) => onWays(ways.with(index, way))
  const last = stages.at(-1) ?? ''
  return (
    <fieldset className="wf-ways">
      <legend>{m.ways}</legend>
      {ways.length === 0 && <p className="t3 f12">{m.noWays}</p>}
      {ways.map((way, index) => (
        <div key={index} className="wf-way" role="group" aria-label={`${m.to} ${way.to}`}>
          <Conditions way={way} judges={stage.do === 'review'} fields={fields} onWay={(next) => put(index, next)} />
          <div className="row g2 wf-to">
            <TextField label={m.share} inputMode="decimal" placeholder={m.all} value={way.share === undefined || way.share === null ? '' : String(Math.round(way.share * 1e6) / 1e4)} onChange={(e) => put(index, withShare(way, e.target.value))} />
            <SelectField label={m.to} value={way.to} onChange={(e) => put(index, { ...way, to: e.target.value })}>
              {!stages.includes(way.to) && <option value={way.to}>{way.to}</option>}
              {stages.map((name) => <option key={name} value={name}>{name}</option>)}
            </SelectField>
            <IconButton icon="trash" label={m.removeWay} onClick={() => onWays(ways.toSpliced(index, 1))} />
          </div>
        </div>
      ))}
      <div><Button size="small" icon="plus" onClick={() => onWays([...ways, { to: last }])}>{m.addWay}</Button></div>
    </fieldset>
  )
}

function withShare(before: Edge, percent: string): Edge {
  const number = Number(percent.replace(',', '.'))
  const way: Edge = { to: before.to, ...(before.when ? { when: before.when } : {}) }
  return percent.trim() === '' || Number.isNaN(number) ? way : { ...way, share: number / 100 }
}

function Conditions({ way, judges, fields, onWay }: { way: Edge; judges: boolean; fields: readonly string[]; onWay: (way: Edge) => void }) {
  const conditions = conditionsOf(way.when)
  if (conditions === null) return <p className="t3 f12">{m.onlyYaml}</p>
  const write = (next: readonly Condition[]) => {
    const when = whenOf(next)
    const rest: Edge = { to: way.to, ...(way.share === undefined ? {} : { share: way.share }) }
    onWay(when ? { ...rest, when } : rest)
  }
  const kinds = KINDS.filter((kind) => judges || kind !== 'verdict')
  const free = kinds.find((kind) => kind === 'metadata' || !conditions.some((one) => one.kind === kind)) ?? 'metadata'
  return (
    <div className="col g2 grow">
      {conditions.map((one, index) => {
        const put = (change: Partial<Condition>) => write(conditions.with(index, { ...one, ...change }))
        return (
          <div key={index} className="row g2 wf-cond">
            <SelectField label={m.condition} value={one.kind} onChange={(e) => write(conditions.with(index, newCondition(e.target.value as Kind)))}>{kinds.map((kind) => <option key={kind} value={kind}>{m.conditions[kind]}</option>)}</SelectField>
            {one.kind === 'metadata' && <TextField label={m.key} value={one.of} onChange={(e) => put({ of: e.target.value })} />}
            {one.kind === 'verdict' && <SelectField label={m.value} value={one.value} onChange={(e) => put({ value: e.target.value })}>{VERDICTS.map((v) => <option key={v} value={v}>{m.verdicts[v]}</option>)}</SelectField>}
            {one.kind !== 'verdict' && one.kind !== 'tie' && <TextField label={m.value} inputMode={one.kind === 'metadata' ? 'text' : 'decimal'} value={one.value} onChange={(e) => put({ value: e.target.value })} />}
            {(one.kind === 'agree' || one.kind === 'differ') && <SelectField label={m.field} value={one.of} onChange={(e) => put({ of: e.target.value })}><option value="">{m.allFields}</option>{fields.map((field) => <option key={field} value={field}>{field}</option>)}</SelectField>}
            <IconButton icon="x" label={m.removeCondition} onClick={() => write(conditions.toSpliced(index, 1))} />
          </div>
        )
      })}
      <div><Button size="small" look="quiet" icon="plus" onClick={() => write([...conditions, newCondition(free)])}>{m.addCondition}</Button></div>
    </div>
  )
}
