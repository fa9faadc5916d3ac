/** Repositories: their list, one repository with its restore points, and the wizard that adds one. */
export { AddRepositoryPage } from './add-repository-page.tsx';
export { RepositoriesPage } from './repositories-page.tsx';
export { RepositoryPage } from './repository-page.tsx';
