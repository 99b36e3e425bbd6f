// Writing the formula, beside what it would pay the people of the latest answers.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Refusal } from '../../api'
import * as api from '../../api/pay'
import { Button, Dialog, format, TextField } from '../../ui'
import { m } from './messages'
import { read, shown, written } from './money'
import { stepsOf, stepsText } from './steps'

type Amounts = 'per_hour' | 'per_100' | 'flag'
type Stepped = 'accuracy' | 'consistency' | 'difficulty'
type Key = Amounts | Stepped | 'currency' | 'longest'
const TITLES: Record<Key, string> = { currency: m.currency, per_hour: m.perHour, longest: m.longest, per_100: m.per100, flag: m.flag, accuracy: m.accuracy, consistency: m.consistency, difficulty: m.difficulty }
const HINTS: Partial<Record<Key, string>> = { longest: m.longestHint, accuracy: m.stepsHint, consistency: m.stepsHint, difficulty: m.hardHint }
const ORDER: readonly Key[] = ['currency', 'per_hour', 'longest', 'per_100', 'flag', 'accuracy', 'consistency', 'difficulty']
const START: api.Formula = { currency: 'EUR', per_hour: 1500, longest: '10m', accuracy: { steps: [{ from: 0.9, percent: 110 }], days: 90 }, flag: 50 }

type Texts = Record<Key, string>

const sentence = (text: string) => text.slice(0, 1).toLocaleUpperCase() + text.slice(1)

function textsOf(formula: api.Formula, digits: number): Texts {
  return {
    currency: formula.currency ?? 'EUR',
    longest: formula.longest ?? '10m',
    per_hour: written(formula.per_hour ?? 0, digits),
    per_100: written(formula.per_100 ?? 0, digits),
    flag: written(formula.flag ?? 0, digits),
    accuracy: stepsText(formula.accuracy?.steps),
    consistency: stepsText(formula.consistency?.steps),
    difficulty: stepsText(formula.difficulty),
  }
}

/** The formula that the texts say, or which of them cannot be read. */
function formulaOf(texts: Texts, digits: number, before: api.Formula): { formula: api.Formula; wrong: Partial<Texts> } {
  const wrong: Partial<Texts> = {}
  const amount = (key: Amounts) => read(texts[key] || '0', digits) ?? ((wrong[key] = m.amount), 0)
  const steps = (key: Stepped) => stepsOf(texts[key]) ?? ((wrong[key] = m.steps), [])
  const quality = (key: 'accuracy' | 'consistency') => {
    const found = steps(key)
    return found.length > 0 ? { steps: found, days: before[key]?.days ?? 90 } : null
  }
  const formula: api.Formula = { ...before, currency: texts.currency.trim(), longest: texts.longest.trim(), per_hour: amount('per_hour'), per_100: amount('per_100'), flag: amount('flag'), accuracy: quality('accuracy'), consistency: quality('consistency'), difficulty: steps('difficulty') }
  return { formula, wrong }
}

export function FormulaDialog({ project, last, decimals, onClose }: { project: string; last: api.FormulaBody | null; decimals: Readonly<Record<string, number>>; onClose: () => void }) {
  const client = useQueryClient()
  const before = last?.formula ?? START
  const [texts, setTexts] = useState(() => textsOf(before, last?.digits ?? 2))
  const [refused, setRefused] = useState<Refusal | null>(null)
  // Amounts are read with the decimals of the currency that is written: 15 of yen are 15, of euros 1500 cents.
  const digits = decimals[texts.currency.trim()] ?? 2
  const { formula, wrong } = formulaOf(texts, digits, before)
  const isReadable = Object.keys(wrong).length === 0
  const tried = useQuery({ queryKey: ['pay', project, 'preview', formula], queryFn: ({ signal }) => api.preview(project, formula, signal), enabled: isReadable, retry: false, staleTime: 10_000 })
  const problems = (refused ?? (tried.error instanceof Refusal ? tried.error : null))?.problems ?? []
  const said = (key: Key) => wrong[key] ?? problems.filter((one) => one.path.startsWith(`formula.${key}`)).map((one) => sentence(`${one.got}. ${one.do}`)).join(' ')
  const save = async () => {
    try {
      client.setQueryData(['pay', project, 'rule'], await api.putFormula(project, formula, last?.version ?? 0))
      await client.invalidateQueries({ queryKey: ['pay', project] })
      onClose()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      setRefused(error)
    }
  }
  return (
    <Dialog title={m.rule} width={880} onClose={onClose} footer={<><span className="grow t3">{refused?.message}</span><Button look="primary" disabled={!isReadable || tried.isError} onClick={save}>{m.save}</Button></>}>
      <div className="pay-two">
        <div>
          {ORDER.map((key) => <TextField key={key} label={TITLES[key]} hint={HINTS[key]} wrong={said(key)} value={texts[key]} onChange={(e) => { setRefused(null); setTexts({ ...texts, [key]: e.target.value }) }} {...(key === 'currency' ? { 'data-autofocus': true } : {})} />)}
        </div>
        <Tried tried={tried.data} isStale={!isReadable || tried.isError} />
      </div>
    </Dialog>
  )
}

function Tried({ tried, isStale }: { tried: api.Preview | undefined; isStale: boolean }) {
  if (isStale || !tried) return <div>{isStale && <p className="t3">{m.mend}</p>}</div>
  const money = (amount: number) => shown(amount, tried.currency, tried.digits)
  return (
    <div>
      <h3>{m.preview} <span className="t3 f12">{m.previewOf(format.count(tried.answers))}</span></h3>
      {tried.rows.length === 0 && <p className="t3">{m.previewNone}</p>}
      {tried.rows.length > 0 && (
        <table className="cards">
          <thead><tr><th>{m.person}</th><th className="right">{m.now}</th><th className="right">{m.then}</th></tr></thead>
          <tbody>{tried.rows.slice(0, 12).map((row) => <tr key={row.person.id}><td className="md">{row.person.name}</td><td className="right t2">{row.now === null ? '–' : money(row.now)}</td><td className="right md">{money(row.amount)}</td></tr>)}</tbody>
        </table>
      )}
      <Words words={tried.words} />
    </div>
  )
}

/** The formula as sentences. */
export function Words({ words }: { words: readonly string[] }) {
  return <ul className="pay-words t2">{words.map((one) => <li key={one}>{one}</li>)}</ul>
}
