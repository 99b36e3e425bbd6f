// The server as the pages see it: nouns with their verbs.
export * from './client'
export { listen } from './events'
export * as items from './items'
export * as people from './people'
export * as projects from './projects'
export * as transfers from './transfers'
export { upload, type Sending } from './upload'
export type * from './types'
