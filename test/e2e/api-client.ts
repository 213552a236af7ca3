/** What a server answers to a query. */
export interface GraphQLAnswer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body where it is JSON, else null. */
  readonly json: unknown;
}

/** An import as the server tells of it. */
export interface ImportView {
  readonly id: string;
  readonly state: string;
  readonly dataset: string | null;
  readonly fileName: string;
  readonly sha256: string;
  readonly counts: Readonly<
    Record<'read' | 'accepted' | 'refused' | 'duplicates' | 'warned' | 'blankRows' | 'totalRows', number>
  > | null;
  readonly changes: Readonly<Record<'inserted' | 'changed' | 'unchanged', number>> | null;
  readonly notCommitted: { readonly code: string } | null;
  readonly refusal: { readonly code: string; readonly message: string; readonly messageEn: string } | null;
  readonly issues: readonly {
    readonly rule: string;
    readonly level: string;
    readonly column: string | null;
    readonly count: number;
    readonly example: string | null;
    readonly message: string;
  }[];
  readonly unknownValues: readonly { readonly column: string; readonly value: string; readonly count: number }[];
  readonly columns: readonly { readonly header: string; readonly column: string | null }[];
}

export const sessionCookieName = '__Host-hotline-session';

/** Someone who talks to the server over HTTP: with a session once signed in, or with fixed headers. */
export class ApiClient {
  constructor(
    readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  /** The headers that say who asks. */
  get sent(): Readonly<Record<string, string>> {
    return this.headers;
  }

  async signIn(email: string, password: string): Promise<HttpAnswer> {
    return this.post(
      `mutation ($input: SignInInput!) { signIn(input: $input) {
        ... on SignedIn { viewer { tenantId cityCode roles demo } } ... on Failure { code message messageEn } } }`,
      { input: { email, password } },
    );
  }

  /** Any other mutation that opens a session; the session it sets is used from then on. */
  async signInBy(query: string, variables: object): Promise<unknown> {
    const answer = await this.post(query, variables);
    const { data } = answer.json as { data: Readonly<Record<string, unknown>> | null };
    if (!data) throw new Error(answer.text);
    return Object.values(data)[0];
  }

  private async post(query: string, variables: object): Promise<HttpAnswer> {
    const answer = await this.send('POST', '/graphql', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    this.keepSession(answer);
    return answer;
  }

  /** As a browser would. */
  keepSession(answer: HttpAnswer): void {
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith(`${sessionCookieName}=`));
    if (cookie) this.headers['cookie'] = cookie.slice(0, cookie.indexOf(';'));
  }

  async graphql(query: string, variables: object = {}, headers: Record<string, string> = {}): Promise<GraphQLAnswer> {
    const answer = await this.send('POST', '/graphql', {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const { data = null, errors = [] } = (answer.json ?? {}) as Partial<GraphQLAnswer>;
    return { status: answer.status, data, errors };
  }

  /** The one field that was asked for. @throws Error with what the server said instead */
  async ask<T>(query: string, variables: object = {}): Promise<T> {
    const { data, errors } = await this.graphql(query, variables);
    const [value] = Object.values(data ?? {});
    if (errors.length > 0 || value === undefined) throw new Error(JSON.stringify(errors));
    return value as T;
  }

  /** Uploads a file; it is committed as soon as it is checked, unless told otherwise. */
  async upload(
    fileName: string,
    bytes: string | Uint8Array,
    options: { dataset?: string; commit?: boolean } = {},
  ): Promise<ImportView> {
    const { dataset, commit = true } = options;
    const parameters = new URLSearchParams({
      filename: fileName,
      wait: '60',
      ...(dataset === undefined ? {} : { dataset }),
      ...(commit ? { commit: '1' } : {}),
    });
    const answer = await this.send('POST', `/imports?${parameters.toString()}`, {
      headers: { 'x-hotline-request': '1', 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
    return answer.json as ImportView;
  }

  /** The import once nothing works on it any more. */
  async settled(id: string): Promise<ImportView> {
    for (let tries = 0; tries < 600; tries += 1) {
      const found = await this.ask<ImportView>(
        `query ($id: ID!) { import(id: $id) { id state dataset fileName sha256
           counts { read accepted refused duplicates warned blankRows totalRows }
           changes { inserted changed unchanged } notCommitted { code }
           refusal { code message messageEn } issues { rule level column count example message }
           unknownValues { column value count } columns { header column } } }`,
        { id },
      );
      if (!['received', 'checking', 'committing', 'reverting'].includes(found.state)) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the import ${id} never settled`);
  }

  async revert(id: string): Promise<ImportView> {
    await this.ask(`mutation ($id: ID!) { revertImport(id: $id) { ... on Import { id } ... on Failure { code } } }`, {
      id,
    });
    return this.settled(id);
  }

  async commit(id: string): Promise<ImportView> {
    await this.ask(`mutation ($id: ID!) { commitImport(id: $id) { ... on Import { id } ... on Failure { code } } }`, {
      id,
    });
    return this.settled(id);
  }

  async send(
    method: string,
    path: string,
    request: { headers?: Record<string, string>; body?: string | Uint8Array } = {},
  ): Promise<HttpAnswer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...this.headers, ...request.headers },
      ...(request.body === undefined ? {} : { body: request.body as BodyInit }),
      redirect: 'manual',
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString('utf8');
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, bytes, text, json: isJson ? JSON.parse(text) : null };
  }
}
