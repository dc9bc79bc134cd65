"""The sample questions of every template, plainly marked as samples."""

from question_bank.kinds import KINDS
from question_bank.options import lettered
from question_bank.questions import Part, Question

_FOUR = ("示例选项甲", "示例选项乙", "示例选项丙", "示例选项丁")


def sample_questions() -> tuple[Question, ...]:
    """Return one sample question a kind."""
    return (
        Question("S-1", 1, "general", "true_false", "（示例，导入前请删除）判断题的题干写在这里。",
                 KINDS["true_false"].fixed_options, ("A",), knowledge_point="示例知识点"),
        Question("S-2", 1, "general", "single_choice", "（示例，导入前请删除）单选题的题干写在这里（　　）。",
                 lettered(_FOUR), ("B",), "示例解析"),
        Question("S-3", 1, "general", "multiple_choice", "（示例，导入前请删除）多选题的题干写在这里（　　）。",
                 lettered(_FOUR), ("A", "B", "D"), "示例解析"),
        Question("S-4", 1, "general", "numeric", "（示例，导入前请删除）数值题的题干写在这里，答案允许误差。",
                 lettered(["12.5±0.5"]), ("A",), "示例解析", unit="米"),
        Question("S-5", 1, "general", "short_answer", "（示例，导入前请删除）填空题的题干写在这里，可有几种答法。",
                 lettered(["示例答法甲", "示例答法乙"]), ("A", "B"), "示例解析"),
        Question("S-6", 1, "general", "case_study", "（示例，导入前请删除）案例题的案情写在这里。", (), (), "示例解析",
                 parts=_sample_parts()),
    )  # fmt: skip


def _sample_parts() -> tuple[Part, ...]:
    return (
        Part("single_choice", "示例小题一的题干写在这里（　　）。", lettered(_FOUR), ("C",)),
        Part("multiple_choice", "示例小题二的题干写在这里（　　）。", lettered(_FOUR), ("A", "C")),
        Part("numeric", "示例小题三的题干写在这里。", lettered(["30"]), ("A",), unit="日"),
    )
