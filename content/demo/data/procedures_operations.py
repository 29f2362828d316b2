"""Daily inspection, complaints and reception of groups in the demo group (fictional)."""

from content.demo.data.procedure_shapes import F, ProcedureData, S

BY_DRAFTER = "drafter"
CHECKS = (
    "设施与周边完好，无破损、漏水",
    "门前与通道整洁，无堆物",
    "商品与价签按规定摆放，一货一签",
    "证照齐全并亮证经营",
    "无违禁、过期、来路不明的商品",
    "秩序良好，无占道、无争执",
    "消防通道畅通，灭火器在位有效",
    "各岗位有人，着装整齐",
    "通知、公告已张贴，无过期张贴",
)

OPERATIONS = (
    ProcedureData(
        "YY", "广场每日巡查", "plaza", "plaza-manager",
        "每个工作日开门前按清单走一遍，发现的问题当天交办，没改好的一直挂着。",
        "及早发现安全、整洁和经营秩序上的问题，并确保有人改、改到底。",
        "山河广场全部公共区域与商铺门前。",
        (
            S("开门前巡查", ("plaza-inspector", "plaza-manager"), "照清单逐项看，有问题的写明位置并拍照。", rule="any",
              document="每日巡查清单", outputs="巡查记录与问题", every=("daily", None), days=1),
            S("交办整改", "plaza-manager", "把问题交给能改的人，定好时限。", outputs="整改任务", days=1),
            S("确认巡查结果", "plaza-manager", "看过整改，签认当日巡查。", sign=True, days=2),
        ),
        (
            F("巡查日期", "date"),
            F("天气", required=False),
            F("巡查清单", "checklist", CHECKS),
            F("其他情况", "multiline", required=False),
        ),
        age=150,
    ),
    ProcedureData(
        "KF", "投诉处理", "marketing", "regional-manager",
        "谁接到谁负责记录，两日内答复，重大投诉报总经理。",
        "让投诉的客户得到及时、诚恳的答复，让同样的问题不再发生。",
        "客户以电话、信函、网络、当面等方式提出的投诉。",
        (
            S("受理并记录", BY_DRAFTER, "记下谁、何时、因何不满、要什么；先致歉，不争辩。", document="投诉登记表",
              days=1),
            S("调查处理", "department-manager", "了解经过，提出处理办法。", outputs="处理意见", days=2),
            S("批准处理意见", "marketing-director", "涉及赔付的须经批准。", sign=True, days=1,
              when=("要求赔付", "is", "是"), back_to=2),
            S("总经理批示", "gm", "重大投诉由总经理批示。", sign=True, days=1, when=("严重程度", "is", "重大"), back_to=2),
            S("答复客户", BY_DRAFTER, "把处理结果告诉客户，问是否满意。", outputs="答复记录", days=1),
            S("汇报与改进", "department-manager", "写明原因与改进措施，月底汇总上报。", document="投诉处理报告", days=3),
        ),
        (
            F("客户姓名或单位"),
            F("联系电话", required=False),
            F("投诉日期", "date"),
            F("投诉方式", "radio", ("电话", "当面", "信函", "网络")),
            F("投诉内容", "multiline"),
            F("严重程度", "radio", ("一般", "较重", "重大")),
            F("要求赔付", "checkbox", required=False),
            F("赔付金额", "money", when=("要求赔付", "is", "是")),
            F("照片或录音", "file", required=False),
        ),
        age=140,
    ),
    ProcedureData(
        "KF", "团队接待", "hotel", "hotel-manager",
        "团队到店前通知到人，过程有人跟，走后有反馈、有小结。",
        "使团队客人从到店到离店都有人照应，要求件件落实。",
        "山河酒店接待的会议、旅游与考察团队。",
        (
            S("填写接待通知", BY_DRAFTER, "写清人数、时间、用餐、用房和特殊需要，至少提前三天。", document="团队接待通知单", days=1),
            S("酒店确认", "hotel-manager", "房、餐、会场能否满足，不能的当天说明。", sign=True, days=1),
            S("餐饮与前厅准备", "front-office", "按通知单逐项准备，到店前一天再核一遍。", outputs="准备清单", days=1),
            S("陪同与报告", BY_DRAFTER, "全程跟进，有变化随时报告。", outputs="接待记录", days=3),
            S("征求反馈", "front-office", "离店时请客人填意见表。", document="意见反馈表", days=1),
            S("写接待小结", BY_DRAFTER, "给部门负责人一页小结：好的、不足的、可跟进的。", outputs="接待小结", days=2),
        ),
        (
            F("团队名称"),
            F("来店离店日期", "daterange"),
            F("人数", "number"),
            F("用房安排", "table", ("房型", "间数", "日期")),
            F("用餐安排", "table", ("日期", "餐别", "人数", "标准")),
            F("特殊需要", "multiline", required=False, help="饮食禁忌、行动不便、会场布置等。"),
            F("接待负责人", "person"),
            F("配合岗位", "post", required=False),
        ),
        age=130,
    ),
)  # fmt: skip
