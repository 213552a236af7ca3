/** Where uploads lie, encrypted, until they are committed. */
export const sourceFolder = 'sources';

/** The folders of a tenant in which files of imports lie. What nothing in the database points to has no business there. */
export const storedFolders = [sourceFolder, 'imports', 'segments'] as const;
