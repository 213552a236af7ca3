// One project per size of test; `node scripts/test.mjs` runs them in this order, cheap first.
const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            // Lit and TypeORM both break when class fields shadow their accessors.
            useDefineForClassFields: false,
          },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^@hotline/(.*)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
};

const project = (displayName, testMatch, extra = {}) => ({ ...shared, displayName, testMatch, ...extra });

export default {
  projects: [
    project('unit', ['<rootDir>/{apps,libs,scripts,widgets}/**/*.spec.ts', '<rootDir>/test/{,deploy/}*.spec.ts'], {
      testPathIgnorePatterns: ['\\.(database|browser|process)\\.spec\\.ts$'],
    }),
    project('process', ['<rootDir>/{apps,libs,scripts}/**/*.process.spec.ts']),
    project('database', ['<rootDir>/{apps,libs,migrations,test}/**/*.database.spec.ts'], {
      globalSetup: '<rootDir>/test/harness/start-database.ts',
      globalTeardown: '<rootDir>/test/harness/stop-database.ts',
    }),
    project('browser', ['<rootDir>/{widgets,apps,test}/**/*.browser.spec.ts']),
    project('e2e', ['<rootDir>/test/e2e/*.e2e.spec.ts'], {
      globalSetup: '<rootDir>/test/harness/start-database.ts',
      globalTeardown: '<rootDir>/test/harness/stop-database.ts',
    }),
    // The processes of docker-compose.yml on this machine; `npm run test:cluster` runs the end-to-end specs against them, too.
    project(
      'cluster',
      ['<rootDir>/test/cluster/*.cluster.spec.ts', '<rootDir>/test/e2e/{upload-to-grade,keys}.e2e.spec.ts'],
      {
        globalSetup: '<rootDir>/test/harness/start-database.ts',
        globalTeardown: '<rootDir>/test/harness/stop-database.ts',
        setupFiles: ['<rootDir>/test/harness/on-cluster.ts'],
      },
    ),
    project('faults', ['<rootDir>/test/faults/*.faults.spec.ts'], {
      globalSetup: '<rootDir>/test/harness/start-database.ts',
      globalTeardown: '<rootDir>/test/harness/stop-database.ts',
    }),
  ],
  // Only what hangs is to be ended: starting the processes of a cluster takes a minute where others work, too.
  testTimeout: 180_000,
};
