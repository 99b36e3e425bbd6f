// The course before the work: one's own place and what one learns, and everybody's for managers and mentors.
import { answered, server } from './client'
import type { components } from './schema.gen'
import type { Id } from './types'

type Wire = components['schemas']
export type Course = Wire['OwnCourse']
export type Part = Wire['CoursePart']['part']
export type Practised = Wire['FieldFeedback']
export type OffPart = Wire['Off']
export type Learning = Wire['Learning']
export type OwnScore = Wire['OwnScore']
export type Standing = Wire['PersonStanding']
export type CourseAnswer = Wire['CourseAnswer']
export type Decision = Wire['StandingChange']['do']

const of = (project: Id) => ({ params: { path: { project } } })
const one = (project: Id, person: Id) => ({ params: { path: { project, person } } })

export const course = (p: Id) => answered(server.GET('/api/v1/projects/{project}/course', of(p)))
export const practice = (item: Id) => answered(server.GET('/api/v1/items/{item}/practice', { params: { path: { item } } }))
export const learning = (p: Id) => answered(server.GET('/api/v1/projects/{project}/learning', of(p)))
export const mine = (p: Id) => answered(server.GET('/api/v1/projects/{project}/gold/mine', of(p)))
export const standings = (p: Id) => answered(server.GET('/api/v1/projects/{project}/standings', of(p)))
export const answers = (p: Id, person: Id) => answered(server.GET('/api/v1/projects/{project}/standings/{person}', one(p, person)))
export const decide = (p: Id, person: Id, decision: Decision, reason: string) => answered(server.POST('/api/v1/projects/{project}/standings/{person}', { ...one(p, person), body: { do: decision, reason } }))

/** Whether a course is being taken: its state may change with the next answer, or by itself. */
export const isUnderway = (course: Course | undefined): boolean => course?.has_course === true && course.state !== 'working'
