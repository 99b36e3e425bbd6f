export { NewProjectPage } from './NewProjectPage'
export { ProjectsPage, type View } from './ProjectsPage'
export { type ShowPreview } from './SchemaEditor'
export { SetupPage } from './SetupPage'
