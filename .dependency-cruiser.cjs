const npm = (...names) => `node_modules/(${names.join('|')})(/|$)`;
const libs = (...names) => `^libs/(${names.join('|')})/`;
const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const spec = '[.]spec[.]ts$';

// scoring <- methodology <- rows, free of Nest and PostgreSQL; platform <- registry <- tenancy <- imports <- assessments <- rights <- apps.
module.exports = {
  forbidden: [
    error(
      'scoring-is-pure',
      'Arithmetic on values: no framework, I/O, clock, other lib.',
      { path: '^libs/scoring/src', pathNot: spec },
      { pathNot: '^libs/scoring/src' },
    ),
    error(
      'methodology-before-rows',
      'The method as data knows only the core.',
      { path: '^libs/methodology', pathNot: spec },
      { path: '^(libs/(?!scoring|methodology)|apps|widgets|test)' },
    ),
    error(
      'rows-know-no-tenant',
      'Files in, Parquet and facts out.',
      { path: '^libs/rows', pathNot: spec },
      { path: '^(libs/(?!scoring|methodology|rows)|apps|widgets|test)' },
    ),
    error(
      'pure-libs-without-server',
      'The command line uses them without a server.',
      { path: libs('scoring', 'methodology', 'rows', 'demo'), pathNot: spec },
      { path: npm('@nestjs', 'typeorm', 'pg', 'bull', 'graphql', '@apollo') },
    ),
    error(
      'demo-makes-files-only',
      'It writes what a centre would export.',
      { path: '^libs/demo', pathNot: spec },
      { path: '^(libs/(?!demo|rows|methodology)|apps|widgets|test)' },
    ),
    error(
      'platform-knows-no-feature',
      'Serves every feature equally.',
      { path: '^libs/platform', pathNot: spec },
      { path: '^(libs/(?!platform)|apps|widgets|test)' },
    ),
    error(
      'registry-before-tenancy',
      'platform <- registry.',
      { path: '^libs/registry', pathNot: spec },
      { path: '^(libs/(?!platform|registry)|apps|widgets|test)' },
    ),
    error(
      'tenancy-before-imports',
      'registry <- tenancy.',
      { path: '^libs/tenancy', pathNot: spec },
      { path: '^(libs/(?!platform|registry|tenancy)|apps|widgets|test)' },
    ),
    error(
      'imports-before-assessments',
      'imports <- assessments.',
      { path: '^libs/imports', pathNot: spec },
      { path: '^(libs/assessments|libs/rights|libs/demo|apps|widgets|test)' },
    ),
    error(
      'assessments-before-rights',
      'assessments <- rights.',
      { path: '^libs/assessments', pathNot: spec },
      { path: '^(libs/rights|libs/demo|apps|widgets|test)' },
    ),
    error(
      'libs-never-import-apps',
      'Apps compose libs; only specs may use the harness.',
      { path: '^libs', pathNot: spec },
      { path: '^(apps|widgets|test)' },
    ),
    error(
      'through-the-index',
      'Another lib is entered by its index.ts only.',
      { path: '^(?:libs|apps)/([^/]+)/' },
      { path: '^libs/[^/]+/src/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index[.]ts$'] },
    ),
    error(
      'api-and-worker-are-strangers',
      'They meet in libs and the queue.',
      { path: '^apps/api' },
      { path: '^apps/(worker|migrate|console|assess)' },
    ),
    error(
      'worker-and-api-are-strangers',
      'They meet in libs and the queue.',
      { path: '^apps/worker' },
      { path: '^apps/(api|migrate|console|assess)' },
    ),
    error(
      'migrate-knows-no-work',
      'It prepares the database for the others and ends.',
      { path: '^apps/migrate' },
      { path: '^(apps/(api|worker|console|assess)|libs/(?!platform|registry|tenancy))' },
    ),
    error(
      'assess-needs-no-server',
      'The no-server mode stands on the pure libs.',
      { path: '^apps/assess' },
      { path: '^(apps/(api|worker|console)|libs/(?!scoring|methodology|rows|registry))' },
    ),
    error(
      'graphql-only-in-api',
      'Libs do not know how they are exposed.',
      { path: '^(libs|apps/worker)' },
      { path: npm('@nestjs/graphql', '@nestjs/apollo', '@apollo', 'graphql') },
    ),
    error(
      'sql-only-in-libs',
      'Resolvers and processors call services.',
      { path: '^apps', pathNot: spec },
      { path: npm('typeorm', '@nestjs/typeorm', 'pg') },
    ),
    error(
      'queue-only-in-platform-and-worker',
      'Features enqueue through @hotline/platform.',
      { path: '^(libs|apps/api)', pathNot: '^libs/platform' },
      { path: npm('bull', '@nestjs/bull') },
    ),
    error(
      'duckdb-only-in-the-row-process',
      'It runs in a child process with a memory limit.',
      { pathNot: ['^libs/rows/src', spec, '^scripts', '^test'] },
      { path: npm('@duckdb') },
    ),
    error(
      'widgets-stand-alone',
      "Embedded on strangers' pages.",
      { path: '^widgets/src', pathNot: spec },
      { pathNot: ['^widgets/src', npm('lit', '@lit', 'lit-html', 'lit-element')] },
    ),
    error(
      'console-is-a-client',
      'Speaks the schema, imports no server code.',
      { path: '^apps/console' },
      { path: '^(libs|apps/(api|worker|assess)|migrations)' },
    ),
    error(
      'migrations-are-frozen',
      'Must not change when an entity does.',
      { path: '^migrations/[0-9]', pathNot: spec },
      { pathNot: npm('typeorm') },
    ),
    error('nothing-imports-tests', '', { pathNot: ['^test', spec] }, { path: ['^test/', spec] }),
    error('no-circular', 'forwardRef is the smell; split or invert.', {}, { circular: true }),
    error(
      'no-orphans',
      'Nobody imports it: delete it.',
      {
        orphan: true,
        pathNot: [
          '[.](spec|config|d)[.]',
          '^(apps/[^/]+/src/main|libs/[^/]+/assembly|migrations|test|scripts)',
          '[.](cjs|mjs)$',
        ],
      },
      {},
    ),
    error('not-to-unresolvable', '', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist', '^widgets/dist'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
