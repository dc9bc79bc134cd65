"""The rows of the templates of tables: sample questions without codes of their own."""

from question_bank.formats.columns import heading
from question_bank.formats.rows import rows_of
from question_bank.formats.samples import sample_questions

_BARE = {"code": "", "version": "", "bank": ""}
ABOVE = "上一案例"


def sample_rows() -> list[dict[str, str]]:
    """Return the rows of one sample question a kind; parts stand under the case to which they point."""
    rows = [row | _BARE for question in sample_questions() for row in rows_of(question)]
    return [row | ({"case": ABOVE} if row["case"] else {}) for row in rows]


INSTRUCTIONS = (
    ("题型", "判断题、单选题、多选题、数值题、填空题、案例题。没有这一栏时按工作表的名称，否则由选项和答案推定。"),
    ("题干", "必填，不超过 4000 字。案例题的题干写案情，小题各占下面的一行。"),
    ("选项A-选项H", "单选题、多选题填写 2 个及以上选项，从选项A起连续填写，最多到选项Z；判断题不填。"),
    ("答案", "判断题填“正确”或“错误”；单选题填一个字母；多选题填两个及以上字母，如 ABD；案例题不填。"),
    ("答案（数值题）", "填一个数，如 30；允许误差写作 12.5±0.5；范围写作 1..5；有几个可接受的数用 | 分开。"),
    ("答案（填空题）", "几种可接受的答法用 | 分开；* 代表任意文字，如 手提*灭火器。"),
    (heading("case"), f"小题填写所属案例题的编号，或填“{ABOVE}”；每个案例题 2 至 20 个小题，小题须在案例题之下。"),
    (heading("unit"), "数值题的单位，如 米；可以不填。"),
    (heading("is_case_sensitive"), "填空题填“是”则区分大小写；不填为不区分。"),
    ("权重A-权重Z", "各选项得分的百分数，如 50、-50；可以不填，不填时按答案给分。"),
    ("反馈A-反馈Z", "选了该选项后给考生的说明，只在练习中显示；可以不填。"),
    ("难度", "易、中、难；不填为“中”。"),
    ("标签", "多个标签用空格或顿号分开；按重大事故隐患判定标准命题的，填“重大事故隐患判定标准”。"),
    ("法规依据、条款", "写明法规或标准的全称和条款号；送审前必填。"),
    (f"{heading('source_from')}、{heading('source_to')}", "所依据条款的施行日和废止日，如 2021-09-01；可以不填。"),
    (heading("markup"), "填 html 则题干、选项、解析和反馈按 HTML 解读；不填为纯文本。"),
    ("编号、版本、题库", "可以不填，导入时自动编号。"),
    ("注意", "不得使用公式；日期、百分数按文本填写；带删除线的文字请删去；嵌入的图片不会导入；每个文件最多 20000 行。"),
)
"""What the sheet of instructions says: column, what belongs there."""
