import type { OrganisationsTexts } from './organisations-texts.js';

export const organisationsZhCN: OrganisationsTexts = {
  lead: '在这里建立机构、邀请其首位管理员，并指定城市归属哪个省级机构。运营方看不到任何机构的数据。',
  toAccount: '返回账户',
  forOperators: '这一页只供服务运营方的管理员使用。您现在代表的机构或您的角色不能使用它。',

  create: '建立机构',
  kind: '类别',
  kindHint: {
    city: '上传数据、运行评估的热线中心。',
    province: '查看所辖城市提交的结果，可以退回；看不到明细，不能改数。',
    operator: '与您一样可以建立机构。只是多一位同事时，请在账户页邀请成员。',
  },
  province: '省份',
  city: '城市',
  choose: '请选择',
  chooseProvinceFirst: '请先选择省份',
  name: '机构名称',
  nameHint: '其成员和上级看到的名称。',
  administrator: '首位管理员',
  administratorLead: '由其邀请本机构的其他成员。链接 72 小时内有效，只能使用一次。',
  administratorName: '管理员姓名',
  createNow: '建立并邀请',
  created: (organisation, email) => `“${organisation}”已建立，邀请已发到 ${email}。`,

  list: '已有机构',
  find: '查找',
  findHint: '按机构、城市或省份的名称。',
  shown: (shown, all) => (shown === all ? `共 ${all} 个` : `${all} 个中的 ${shown} 个`),
  madeOn: (day) => `${day}建立`,
  noAdministrator: '还没有管理员',
  invite: '邀请管理员',
  inviteTo: (organisation) => `邀请管理员（${organisation}）`,
  inviteLead: (organisation) => `邀请“${organisation}”的首位管理员。此前发出而未使用的链接，在有人接受后失效。`,

  belongsTo: (province, day) => `归属${province}，自${day}`,
  belongsFrom: (province, day) => `自${day}起归属${province}`,
  belongsUntil: (day) => `到${day}为止`,
  belongsNowhere: '不归属任何省级机构',
  move: '更改归属',
  moveThis: (organisation) => `更改归属（${organisation}）`,
  moveLead: '新的省级机构从生效起看到这个城市提交的全部结果，原来的不再看到。此前安排的以后的更改会被取代。',
  newProvince: '归属',
  noProvince: '不归属任何省级机构',
  noProvinceYet: '还没有省级机构，请先建立。',
  fromDay: '生效日期',
  fromDayHint: '北京时间当日零时起。留空则立即生效。',
  moveNow: '确认更改',
  moved: (organisation, province, day) => {
    const from = day === null ? '现在' : `自${day}起`;
    return province === null ? `${organisation}${from}不归属任何省级机构。` : `${organisation}${from}归属${province}。`;
  },
};
