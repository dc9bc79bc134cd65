"""Sentences for refusals about banks."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, LazyString] = {
    "bank_unknown": _l("没有代码为“%(bank)s”的题库。请在题库列表中核对代码。"),
    "question_unknown": _l("没有找到这道试题。它可能已随导入撤销而删除。"),
    "question_review_needs_province": _l("试题由省级监管部门或系统管理员审定。您可以查看、起草和送审。"),
    # Saving and moving
    "question_duplicate": _l("题库中已有相同的试题（%(other)s），没有保存。请修改题干或选项，或改用已有的试题。"),
    "question_code_taken": _l("编号“%(question)s”已被另一道试题使用。请换一个编号；要修改已有试题，请在试题页面编辑。"),
    "question_codes_taken_meanwhile": _l("检查之后又有人加入了编号相同的试题，没有写入任何数据。请重新上传检查。"),
    "question_changed_meanwhile": _l(
        "试题 %(question)s 在您打开页面之后被修改过，本次操作没有执行。请重新打开试题，看过最新内容再操作。"
    ),
    "question_unchanged": _l("内容没有变化，没有产生新版本。"),
    "question_retired": _l("试题 %(question)s 已停用，不能再修改。如需使用，请新建试题。"),
    "question_move_not_allowed": _l("试题 %(question)s 的当前状态不允许这项操作。请刷新页面，按页面上的步骤办理。"),
    "question_author_approves": _l("试题 %(question)s 由您编写或修改，须由另一人审定。"),
    "question_needs_explanation": _l("还没有填写解析，不能送审。请先编辑补充。"),
    "question_needs_knowledge_point": _l("还没有填写知识点，不能送审。请先编辑补充。"),
    "question_needs_source_document": _l("还没有填写法规依据，不能送审。请先编辑补充。"),
    "question_needs_source_article": _l("还没有填写所依据的条文，不能送审。请先编辑补充。"),
    "nothing_selected": _l("没有选择试题。请先勾选要审定的试题。"),
    # Import: the file as a whole
    "question_file_empty": _l("文件是空的（0 字节）。请重新保存后再导入。"),
    "question_file_old_or_encrypted": _l(
        "这是旧版 .xls 文件或加了密码的文件。请在 Excel 或 WPS 中取消密码并另存为 .xlsx。"
    ),
    "question_column_twice": _l("列“%(column)s”出现了两次。请只保留一列。"),
    "question_import_in_use": _l("这次导入的试题中有 %(count)s 道已经审定或修改过，不能整体撤销。可以逐题停用。"),
    "question_export_too_large": _l("符合条件的试题超过 %(limit)s 道，一个文件放不下。请用筛选条件分次导出。"),
    # Import and form: one field
    "question_unknown_kind": _l("不认识题型“%(value)s”。请填：判断题、单选题、多选题。"),
    "question_other_bank": _l("这一行写的题库是“%(value)s”，而本次导入到“%(bank)s”。请改正或留空。"),
    "question_unreadable_value": _l("“%(value)s”无法识别。难度填易、中、难；版本填整数。"),
    "question_option_gap": _l("选项%(key)s是空的，后面却还有选项。请从选项A起连续填写。"),
    "question_unreadable_key": _l(
        "答案“%(text)s”无法识别。判断题填“正确”或“错误”；单选题填一个字母；多选题填字母，如 ABD。"
    ),
    "question_not_true_false_options": _l("判断题的选项只能是“正确”和“错误”，也可以都不填。"),
    "question_bad_code": _l(
        "“%(value)s”不能作编号。编号用字母、数字、点、下划线和短横线，以字母或数字开头，不超过 60 个字符。"
    ),
    "question_out_of_range": _l("“%(value)s”超出允许的范围。"),
    "question_too_long": _l("共 %(length)s 字，超过上限 %(most)s 字。请缩短。"),
    "question_control_character": _l("含有看不见的控制字符。请清除格式后重新输入。"),
    "question_bad_tag": _l("标签“%(tag)s”含有空格或分隔符。多个标签之间用空格或顿号分开。"),
    "question_wrong_option_count": _l("有 %(count)s 个选项；应有 %(least)s 至 %(most)s 个。"),
    "question_options_alike": _l("选项%(key)s与前面的选项相同。请改写或删除。"),
    "question_wrong_key_count": _l("答案有 %(count)s 个选项；单选题和判断题填 1 个，多选题填 2 个及以上。"),
    "question_key_not_offered": _l("答案中的 %(letter)s 不在选项里。请改正答案或补上选项。"),
    "question_error_value": _l("单元格是错误值（%(value)s）。请改正后重新填写。"),
    "question_date_value": _l("单元格是日期格式，无法确定原来的写法。请改为文本格式后重新填写。"),
    "question_percentage": _l("单元格是百分数格式（存为 %(value)s）。请改为文本格式，照题目写法填写，如 80%%。"),
    "question_question_twice": _l("与第 %(first_row)s 行是同一道试题。请删除其中一行。"),
}
