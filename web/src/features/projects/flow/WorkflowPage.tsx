// A project's workflow: one policy as a graph, as a form and as YAML, checked by the server while it is written.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { people as peopleApi, projects, Refusal, workflow as api, type Problem, type Project } from '../../../api'
import { Button, Failure, Icon, Notice, Problems, Segmented, SelectField, SkeletonCard, Tag, toast } from '../../../ui'
import { freeKey, lineOf } from '../schemaText'
import { YamlEditor } from '../YamlEditor'
import { Defects, SkipReasons } from './Defects'
import { Graph } from './Graph'
import { m } from './messages'
import { asFlow, asPolicy, fromYaml, startOf, toYaml, withoutWays, withWay, type Flow } from './policy'
import { SaveDialog } from './SaveDialog'
import { Stranded } from './Stranded'
import { waitingFor } from './stranding'
import { StageForm } from './StageForm'
import { TEMPLATES, type Template } from './templates'
import { Versions } from './Versions'
import '../projects.css'
import './flow.css'

export function WorkflowPage({ id, workspace }: { id: string; workspace: string }) {
  const project = useQuery({ queryKey: ['project', id], queryFn: () => projects.one(id) })
  return (
    <>
      <header className="top"><h1>{m.workflow}</h1>{project.data && <span className="t3 f12">{m.version(project.data.policy_version)}</span>}</header>
      {project.isPending && <div className="page"><SkeletonCard height={260} /><SkeletonCard height={320} /></div>}
      {project.isError && <Failure error={project.error} onRetry={() => void project.refetch()} />}
      {project.data?.policy && <Editor key={project.data.policy_version} project={project.data} workspace={workspace} />}
    </>
  )
}

type View = 'form' | 'yaml'

function Editor({ project, workspace }: { project: Project; workspace: string }) {
  const client = useQueryClient()
  const before = useMemo(() => plain(asFlow(project.policy ?? { stages: {} })), [project.policy])
  const [flow, setFlow] = useState(before)
  const past = useHistory(flow)
  const [text, setText] = useState(() => toYaml(before))
  const [view, setView] = useState<View>('form')
  const [picked, setPicked] = useState(startOf(before))
  const [turn, setTurn] = useState(0)
  const [saving, setSaving] = useState(false)
  const [taken, setTaken] = useState<number | null>(null)
  const now = useQuery({ queryKey: ['workflow', project.id], queryFn: () => api.now(project.id), refetchInterval: 10_000 })
  const groups = useQuery({ queryKey: ['groups', workspace], queryFn: () => api.groups(workspace) })
  const members = useQuery({ queryKey: ['members', workspace], queryFn: () => peopleApi.members(workspace) })
  const checked = useCheckedFlow(project.id, flow)
  const read = useMemo(() => (view === 'yaml' ? fromYaml(text) : { flow, problems: [] }), [flow, text, view])
  const problems: Problem[] = (read.problems.length > 0 ? read.problems : checked.problems).map((p) => ({ ...p, line: p.line ?? lineOf(text, p.path ?? '') }))
  const wrong = new Set(problems.flatMap((p) => /^stages\.([^.[]+)/.exec(p.path ?? '')?.[1] ?? []))
  const isChanged = toYaml(flow) !== toYaml(before)

  /** A flow from anywhere but the text: the text follows, and the form begins anew where the stage is another. */
  const put = (next: Flow, pick = picked, anew = false) => {
    past.keep(next)
    setFlow(next)
    setText(toYaml(next))
    if (anew || pick !== picked) setTurn(turn + 1)
    setPicked(next.stages[pick] ? pick : startOf(next))
  }
  const write = (next: string) => {
    setText(next)
    const { flow: said } = fromYaml(next)
    if (said) { past.keep(said); setFlow(said); setTurn(turn + 1) }
  }
  const take = (next: Flow, version: number) => { put(plain(next), startOf(next), true); setTaken(version) }
  const back = (next: Flow) => { setFlow(next); setText(toYaml(next)); setTurn(turn + 1); setPicked(next.stages[picked] ? picked : startOf(next)) }
  const add = () => {
    const name = freeKey(Object.keys(flow.stages), 'review')
    const last = Object.keys(flow.stages).at(-1) ?? name
    const entries = Object.entries(flow.stages)
    put({ ...flow, stages: Object.fromEntries([...entries.slice(0, -1), [name, { do: 'review' as const, next: { accepted: last, fixed: last, rejected: startOf(flow) } }], ...entries.slice(-1)]) }, name)
  }
  const reread = () => void client.invalidateQueries({ queryKey: ['project', project.id] })
  const save = async () => {
    await projects.change(project.id, project.etag, { policy: asPolicy(flow) })
    toast(m.saved)
    await Promise.all([client.invalidateQueries({ queryKey: ['project', project.id] }), client.invalidateQueries({ queryKey: ['workflow', project.id] })])
  }
  const known = { fields: Object.keys(project.schema.fields), groups: groups.data?.map((one) => one.name) ?? [], members: members.data ?? [], methods: now.data?.methods ?? ['default'], queues: now.data?.queues ?? {} }
  const stages = Object.keys(flow.stages)
  return (
    <div className="page">
      {now.data?.moving && <Notice tone="info">{m.moving}</Notice>}
      <Stranded found={isChanged ? waitingFor(flow, now.data?.counts ?? {}, checked.people) : []} workspace={workspace} flow={flow} onFlow={(next) => put(next, picked, true)} />
      {taken !== null && isChanged && <Notice tone="info">{m.taken(taken)}</Notice>}
      <section className="card">
        <h2 className="ch">
          {m.views.graph} {isChanged ? <Tag tone="warn">{m.changed}</Tag> : <Tag tone="ok">{m.same}</Tag>}<span className="grow" />
          <SelectField label="" aria-label={m.from} value="" onChange={(e) => put(plain(TEMPLATES[e.target.value as Template]), startOf(TEMPLATES[e.target.value as Template]), true)}>
            <option value="" disabled>{m.from}</option>{Object.entries(m.templates).map(([key, title]) => <option key={key} value={key}>{title}</option>)}
          </SelectField>
          {isChanged && <Button size="small" onClick={() => { put(before, startOf(before), true); setTaken(null) }}>{m.discard}</Button>}
          <Button size="small" look={isChanged ? 'primary' : 'plain'} disabled={!isChanged || problems.length > 0 || checked.checking} onClick={() => setSaving(true)}>{m.save}</Button>
        </h2>
        <Graph flow={flow} counts={now.data?.counts ?? {}} people={checked.people} picked={picked} wrong={wrong} onPick={(stage) => { setPicked(stage); setTurn(turn + 1); if (view === 'yaml') setView('form') }} onAdd={add} onWay={(from, to) => put(withWay(flow, from, to), from, true)} onCut={(from, to) => put(withoutWays(flow, from, to), from, true)} undo={past.before ? () => back(past.undo()) : null} redo={past.after ? () => back(past.redo()) : null} />
      </section>
      <div className="row g2 wf-bar">
        <Segmented label={m.view} value={view} onChange={(next) => { setView(next); setText(toYaml(flow)) }} options={[{ value: 'form', title: m.views.form }, { value: 'yaml', title: m.views.yaml }]} />
        {view === 'form' && <><SelectField label="" aria-label={m.stage} value={picked} onChange={(e) => { setPicked(e.target.value); setTurn(turn + 1) }}>{stages.map((name) => <option key={name} value={name}>{name}</option>)}</SelectField></>}
        <span className="grow" />
        {problems.length === 0 ? <span className="t3 f12 row g2"><span className="ok"><Icon name="check" small /></span>{m.noErrors}</span> : <span className="bad f12 row g2"><Icon name="alert" small />{m.errors(problems.length)}</span>}
      </div>
      {checked.failed && <Notice tone="bad">{checked.failed.message}</Notice>}
      {view === 'yaml' ? (
        <section className="card ed wf-yaml"><YamlEditor text={text} problems={problems} onText={write} /></section>
      ) : (
        <>
          {problems.length > 0 && <Notice tone="bad"><Problems problems={problems} /></Notice>}
          <StageForm key={`${picked} ${turn}`} flow={flow} name={picked} known={known} people={checked.people[picked]} onFlow={(next, pick) => put(next, pick)} />
          <Defects flow={flow} onFlow={(next) => put(next)} />
          <SkipReasons flow={flow} onFlow={(next) => put(next)} />
        </>
      )}
      <Versions project={project.id} version={project.policy_version} onTake={take} />
      {saving && <SaveDialog project={project.id} workspace={workspace} onFlow={(next) => put(next, picked, true)} before={before} after={flow} onSave={save} onReread={reread} onClose={() => setSaving(false)} />}
    </div>
  )
}

/** Flows to go back to and forward; typing in one field is one step. */
function useHistory(first: Flow) {
  const [{ all, at }, setAll] = useState<{ all: readonly Flow[]; at: number }>({ all: [first], at: 0 })
  const go = (to: number) => { setAll({ all, at: to }); return all[to] ?? first }
  return {
    keep: (next: Flow) => setAll((was) => {
      const now = was.all[was.at]
      if (now && toYaml(now) === toYaml(next)) return was
      const [last, ...earlier] = was.all.slice(0, was.at + 1).toReversed()
      const [one] = earlier
      // What differs from the step before only where that differs from the one before it goes on with the same step.
      const goesOn = last && one && sameLines(one, last, next)
      const kept = goesOn ? earlier.toReversed() : was.all.slice(0, was.at + 1)
      return { all: [...kept, next].slice(-MOST_STEPS), at: Math.min(kept.length, MOST_STEPS - 1) }
    }),
    before: at > 0,
    after: at < all.length - 1,
    undo: () => go(at - 1),
    redo: () => go(at + 1),
  }
}

const MOST_STEPS = 100

/** Whether two changes, one after the other, are of one and the same line. */
function sameLines(first: Flow, second: Flow, third: Flow): boolean {
  const [a, b, c] = [first, second, third].map((flow) => toYaml(flow).split('\n')) as [string[], string[], string[]]
  if (a.length !== b.length || b.length !== c.length) return false
  const changed = (p: string[], q: string[]) => p.flatMap((line, i) => (line === q[i] ? [] : [i]))
  const [one, other] = [changed(a, b), changed(b, c)]
  return one.length === 1 && other.length === 1 && one[0] === other[0]
}

/** Without what only says that the format is the first. */
function plain(flow: Flow): Flow {
  return Object.fromEntries(Object.entries(flow).filter(([key]) => key !== 'karat_policy')) as unknown as Flow
}

/** The server's opinion of a flow, asked once it rests for a moment. */
function useCheckedFlow(project: string, flow: Flow): { problems: Problem[]; people: Record<string, number>; checking: boolean; failed: Error | null } {
  const [settled, setSettled] = useState(flow)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(flow), 300)
    return () => clearTimeout(timer)
  }, [flow])
  const check = useQuery({
    queryKey: ['policy-check', project, settled],
    queryFn: ({ signal }) => api.check(project, asPolicy(settled), false, signal).catch((error: unknown) => {
      if (error instanceof Refusal && error.problems.length > 0) return { problems: [...error.problems], people: {} }
      throw error
    }),
    staleTime: 60_000,
    placeholderData: (last) => last,
  })
  return { problems: (check.data?.problems ?? []) as Problem[], people: check.data?.people ?? {}, checking: check.isFetching || settled !== flow, failed: check.error }
}
