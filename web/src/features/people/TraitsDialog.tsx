// What somebody knows: skills and languages, as stages, assignments and items name them.
import { useState } from 'react'
import { workflow as api, type Member } from '../../api'
import { Button, Chip, Dialog, TextField, toast } from '../../ui'
import { m } from './messages'

interface Props {
  readonly workspace: string
  readonly member: Member
  /** What others in the workspace have, to be taken by a click. */
  readonly known: { readonly skills: readonly string[]; readonly languages: readonly string[] }
  readonly onClose: () => void
}

export function TraitsDialog({ workspace, member, known, onClose }: Props) {
  const [skills, setSkills] = useState(member.skills.join(', '))
  const [languages, setLanguages] = useState(member.languages.join(', '))
  const [wrong, setWrong] = useState('')
  const save = () => api.describe(workspace, member.id, { skills: wordsOf(skills), languages: wordsOf(languages) }).then(() => { toast(m.traitsSaved(member.name)); onClose() }, (error: unknown) => setWrong(error instanceof Error ? error.message : String(error)))
  return (
    <Dialog title={m.traitsTitle(member.name)} onClose={onClose} onEnter={save} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" onClick={save}>{m.save}</Button></>}>
      <p className="t2">{m.traitsText}</p>
      <TextField label={m.skills} placeholder="ecg, radiology" value={skills} onChange={(event) => setSkills(event.target.value)} wrong={wrong} data-autofocus />
      <Known words={known.skills} text={skills} onText={setSkills} />
      <TextField label={m.languages} placeholder="en, sw" hint={m.languagesHint} value={languages} onChange={(event) => setLanguages(event.target.value)} />
      <Known words={known.languages} text={languages} onText={setLanguages} />
    </Dialog>
  )
}

function Known({ words, text, onText }: { words: readonly string[]; text: string; onText: (text: string) => void }) {
  const has = wordsOf(text)
  const left = words.filter((one) => !has.includes(one))
  if (left.length === 0) return null
  return <span className="row g1 wrap">{left.slice(0, 20).map((one) => <Chip key={one} onOpen={() => onText([...has, one].join(', '))}>{`+ ${one}`}</Chip>)}</span>
}

/** Words as they are typed, with commas between, each once. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.split(',').map((one) => one.trim()).filter(Boolean))]
}
