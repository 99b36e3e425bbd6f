export { ExportPage, type ExportSearch } from './ExportPage'
export { ImportPage, type ImportSearch } from './ImportPage'
export { JobsPage } from './JobsPage'
