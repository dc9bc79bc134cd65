"""The sample questions of every template, plainly marked as samples."""

from question_bank.kinds import KINDS
from question_bank.options import lettered
from question_bank.questions import Question


def sample_questions() -> tuple[Question, ...]:
    """Return one sample question a kind."""
    return (
        Question("S-1", 1, "general", "true_false", "（示例，导入前请删除）判断题的题干写在这里。",
                 KINDS["true_false"].fixed_options, ("A",), knowledge_point="示例知识点"),
        Question("S-2", 1, "general", "single_choice", "（示例，导入前请删除）单选题的题干写在这里（　　）。",
                 lettered(["示例选项甲", "示例选项乙", "示例选项丙", "示例选项丁"]), ("B",), "示例解析"),
        Question("S-3", 1, "general", "multiple_choice", "（示例，导入前请删除）多选题的题干写在这里（　　）。",
                 lettered(["示例选项甲", "示例选项乙", "示例选项丙", "示例选项丁"]), ("A", "B", "D"), "示例解析"),
    )  # fmt: skip
