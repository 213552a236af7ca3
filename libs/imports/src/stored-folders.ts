/** Where uploads lie, encrypted, until they are committed. */
export const sourceFolder = 'sources';
/** Where parts of uploads lie, encrypted, until they are put together. */
export const partFolder = 'parts';

/** The folders of a tenant in which files of imports lie. What nothing in the database points to has no business there. */
export const storedFolders = [sourceFolder, 'imports', 'segments'] as const;
