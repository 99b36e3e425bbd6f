// Giving the chosen items to somebody by hand, or letting them come earlier or later for everybody.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { people, workflow, type work as api } from '../../api'
import { Button, Check, Dialog, Segmented, SelectField, TextField } from '../../ui'
import { m } from './messages'

type To = 'person' | 'group' | 'skill' | 'language' | 'anybody'
const TO: readonly To[] = ['person', 'group', 'skill', 'language', 'anybody']
const PRIORITIES = ['high', 'normal', 'low'] as const

interface Props {
  readonly workspace: string
  /** How many items, in words. */
  readonly said: string
  readonly onGive: (giving: api.Giving) => Promise<unknown>
  readonly onClose: () => void
}

export function GiveDialog({ workspace, said, onGive, onClose }: Props) {
  const members = useQuery({ queryKey: ['members', workspace], queryFn: () => people.members(workspace) })
  const groups = useQuery({ queryKey: ['groups', workspace], queryFn: () => workflow.groups(workspace) })
  const [to, setTo] = useState<To>('person')
  const [whom, setWhom] = useState('')
  const [title, setTitle] = useState('')
  const [priority, setPriority] = useState<(typeof PRIORITIES)[number]>('normal')
  const [deadline, setDeadline] = useState('')
  const [late, setLate] = useState<'release' | 'raise'>('release')
  const [exclusive, setExclusive] = useState(true)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const active = (members.data ?? []).filter((one) => one.active)
  const options: Record<To, (readonly [string, string])[]> = {
    person: active.map((one) => [one.id, one.name]),
    group: (groups.data ?? []).map((one) => [one.id, `${one.name} (${one.members.length})`]),
    skill: counted(active.flatMap((one) => one.skills)),
    language: counted(active.flatMap((one) => one.languages)),
    anybody: [],
  }
  const known = options[to]
  const can = to === 'anybody' ? priority !== 'normal' : known.some(([key]) => key === whom)
  const give = async () => {
    if (!can || busy) return
    setBusy(true)
    const giving: api.Giving = { title: title.trim() || m.giveTitled(said), priority, late, exclusive: exclusive && to !== 'anybody', ...(to === 'anybody' ? {} : { [to]: whom }), ...(deadline ? { deadline: new Date(deadline).toISOString() } : {}) }
    try {
      await onGive(giving)
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }
  return (
    <Dialog title={m.giveTitle(said)} onClose={onClose} onEnter={give} width={520} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" busy={busy} disabled={!can} onClick={give}>{to === 'anybody' ? m.move : m.give}</Button></>}>
      <div className="field"><span className="label">{m.giveTo}</span><span><Segmented label={m.giveTo} value={to} onChange={(next) => { setTo(next); setWhom(''); if (next === 'anybody' && priority === 'normal') setPriority('high') }} options={TO.map((value) => ({ value, title: m.givesTo[value] }))} /></span></div>
      {to === 'anybody' ? (
        <p className="t2">{m.moveText}</p>
      ) : (
        <SelectField label={m.givesTo[to]} value={whom} onChange={(event) => setWhom(event.target.value)} data-autofocus {...(known.length === 0 && members.isSuccess && groups.isSuccess ? { hint: m.noneTo[to] } : {})}>
          <option value="">{m.chooseTo}</option>
          {known.map(([key, shown]) => <option key={key} value={key}>{shown}</option>)}
        </SelectField>
      )}
      <TextField label={m.giveName} placeholder={m.giveTitled(said)} value={title} onChange={(event) => setTitle(event.target.value)} />
      <div className="give-two">
        <div className="field"><span className="label">{m.priority}</span><span><Segmented label={m.priority} value={priority} onChange={setPriority} options={PRIORITIES.map((value) => ({ value, title: m.priorities[value] }))} /></span></div>
        <TextField label={m.deadline} type="datetime-local" min={localNow()} value={deadline} onChange={(event) => setDeadline(event.target.value)} />
      </div>
      {deadline && (
        <SelectField label={m.late} value={late} onChange={(event) => setLate(event.target.value as 'release' | 'raise')}>
          <option value="release">{m.lates.release}</option>
          <option value="raise">{m.lates.raise}</option>
        </SelectField>
      )}
      {to !== 'anybody' && <Check checked={exclusive} onChange={setExclusive}>{m.exclusive}</Check>}
      <p className="t3 f12">{m.giveText}</p>
      {wrong && <p className="bad" role="alert">{wrong}</p>}
    </Dialog>
  )
}

/** Words with how many people have each, the usual ones first. */
function counted(words: readonly string[]): (readonly [string, string])[] {
  const found = new Map<string, number>()
  for (const word of words) found.set(word, (found.get(word) ?? 0) + 1)
  return [...found].toSorted(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([word, n]) => [word, `${word} (${n})`])
}

/** Now, as the machine's own picker of moments writes it. */
function localNow(): string {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
