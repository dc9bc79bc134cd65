"""Sentences for refusals about banks."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.banks.exam_blueprints.messages import BLUEPRINT_MESSAGES
from app.banks.importing_messages import IMPORT_MESSAGES
from app.banks.sources_messages import SOURCE_MESSAGES

MESSAGES: dict[str, LazyString] = {
    **BLUEPRINT_MESSAGES,
    **IMPORT_MESSAGES,
    **SOURCE_MESSAGES,
    "bank_unknown": _l("没有代码为“%(bank)s”的题库。请在题库列表中核对代码。"),
    "question_unknown": _l("没有找到这道试题。它可能已随导入撤销而删除。"),
    "question_review_needs_province": _l("试题由省级监管部门或系统管理员审定。您可以查看、起草和送审。"),
    "question_edit_needs_province": _l(
        "试题 %(question)s 已审定。编辑会让它退出题库，与暂停使用一样由省级部门或系统管理员办理。您可以提出意见。"
    ),
    # Saving and moving
    "question_duplicate": _l("题库中已有相同的试题（%(other)s），没有保存。请修改题干或选项，或改用已有的试题。"),
    "question_duplicate_other_purpose": _l(
        "与“%(bank)s”的试题 %(other)s 相同（标点、空格、大小写和选项顺序不计），练习题库与考试题库不能有相同的试题，"
        "请改写题干或选项，或者先停用那道试题。"
    ),
    "question_duplicate_of_part": _l(
        "与“%(bank)s”的案例题 %(other)s 第 %(other_part)s 小题相同（标点、空格、大小写和选项顺序不计），"
        "练习题库与考试题库不能有相同的试题，请改写题干或选项，或者先停用那道案例题。"
    ),
    "question_part_duplicate": _l(
        "第 %(own_part)s 小题与“%(bank)s”的试题 %(other)s 相同（标点、空格、大小写和选项顺序不计），"
        "练习题库与考试题库不能有相同的试题，请改写或删去这一小题，或者先停用那道试题。"
    ),
    "question_part_duplicate_of_part": _l(
        "第 %(own_part)s 小题与“%(bank)s”的案例题 %(other)s 第 %(other_part)s 小题相同"
        "（标点、空格、大小写和选项顺序不计），练习题库与考试题库不能有相同的试题，请改写或删去这一小题，或者先停用那道案例题。"
    ),
    "question_duplicate_meanwhile": _l("刚才有人保存了相同的试题，本次没有保存。请重新提交，查看是哪一道。"),
    "question_duplicates_meanwhile": _l("检查之后又有人加入了相同的试题，没有写入任何数据。请重新上传检查。"),
    "question_code_taken": _l("编号“%(question)s”已被另一道试题使用。请换一个编号；要修改已有试题，请在试题页面编辑。"),
    "question_codes_taken_meanwhile": _l("检查之后又有人加入了编号相同的试题，没有写入任何数据。请重新上传检查。"),
    "question_changed_meanwhile": _l(
        "试题 %(question)s 在您打开页面之后被修改过，本次操作没有执行。请重新打开试题，看过最新内容再操作。"
    ),
    "question_changed_while_writing": _l("试题 %(question)s 在您打开页面之后被修改过，您填写的内容还没有保存。"),
    "question_unchanged": _l("内容没有变化，没有产生新版本。"),
    "question_retired": _l("试题 %(question)s 已停用，不能再修改。如需使用，请新建试题。"),
    "question_move_not_allowed": _l("试题 %(question)s 的当前状态不允许这项操作。请刷新页面，按页面上的步骤办理。"),
    "question_author_approves": _l("试题 %(question)s 由您编写或修改，须由另一人审定。"),
    "question_sender_approves": _l("试题 %(question)s 没有编写人，由您送审，须由另一人审定。"),
    "question_discard_nothing": _l(
        "试题 %(question)s 没有可以放弃的草稿：只有审定过的试题被编辑后，才能放弃新版本、恢复审定过的版本。请刷新页面。"
    ),
    "question_discard_in_review": _l(
        "试题 %(question)s 正在等待审定，不能放弃新版本。请先由编写人撤回送审，或由审定人员退回修改。"
    ),
    "question_discard_needs_province": _l(
        "放弃草稿会让试题 %(question)s 恢复使用，与编辑已审定的试题一样，由省级部门或系统管理员办理。您可以提出意见。"
    ),
    "question_discard_twin": _l(
        "试题 %(question)s 审定过的版本与现在的试题 %(other)s 相同，没有恢复。"
        "请先停用试题 %(other)s，或者保留草稿继续修改。"
    ),
    "question_recalled_by_author": _l("试题 %(question)s 不是由您编写的。送审由编写人撤回；审定人员可以退回修改。"),
    "question_needs_explanation": _l("还没有填写解析，不能送审。请先编辑补充。"),
    "question_needs_knowledge_point": _l("还没有填写知识点，不能送审。请先编辑补充。"),
    "question_needs_source_document": _l("还没有填写法规依据，不能送审。请先编辑补充。"),
    "question_needs_wrong_option": _l("多选题没有错误选项，全选就能得分，不能送审。请先编辑，至少加一个错误选项。"),
    "question_needs_wording": _l("有一种答法只有 *，填什么都算对，不能送审。请先编辑，写明要填的文字。"),
    "question_needs_narrow_range": _l(
        "有一个答案的范围太宽，随便填也可能算对，不能送审。请先编辑：两端相差不超过 2，或正负相同且不超过 10 倍。"
    ),
    "question_needs_source_article": _l("还没有填写所依据的条文，不能送审。请先编辑补充。"),
    "nothing_selected": _l("没有选择试题。请先勾选要审定的试题。"),
    # Import: the file as a whole
    "question_import_in_use": _l(
        "这次导入的试题中有 %(count)s 道已经审定、修改过或有人提出意见，不能整体撤销。可以逐题停用。"
    ),
    "question_export_too_large": _l("符合条件的试题超过 %(limit)s 道，一个文件放不下。请用筛选条件分次导出。"),
    # Import and form: one field
    "question_unknown_kind": _l("不认识题型“%(value)s”。请填：判断题、单选题、多选题、数值题、填空题、案例题。"),
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
    "question_question_twice": _l("与%(first)s是同一道试题。请只保留一道。"),
    # Import and form: kinds that are typed, case studies, weights, rich text, days
    "question_not_a_number": _l("“%(value)s”不是可接受的数。请写 12.5、12.5±0.1，或 1..5（从 1 到 5）。"),
    "question_bad_weight": _l("权重“%(value)s”不对。请填 -100 到 100 之间的百分比，最多五位小数。"),
    "question_key_against_weights": _l(
        "答案与权重不一致。多选题的答案是权重大于 0 的选项；其他题型的答案是权重为 100 的选项或写法。"
    ),
    "question_no_full_weight": _l("至少一个答案的权重应为 100，或不填。"),
    "question_part_of_new_kind": _l("有小题换了题型，还没有保存。请填好这些小题的答案，再保存或预览。"),
    "question_wrong_part_count": _l("有 %(count)s 个小题；应有 %(least)s 至 %(most)s 个。"),
    "question_parts_without_case": _l("只有案例题可以有小题。"),
    "question_case_without_key": _l("案例题的答案写在各小题里，这里不填。"),
    "question_bad_day": _l("“%(value)s”不是日期。请写成 2026-01-31 的样子。"),
    "question_days_in_wrong_order": _l("失效日期早于施行日期。请核对。"),
    "question_unknown_markup": _l("不认识的排版方式“%(value)s”。请填 plain 或 html。"),
    "question_unsafe_markup": _l("含有不能使用的 HTML 元素或属性。请去掉后再保存。"),
    "question_markup_removed": _l("含有不能使用的 HTML 元素或属性，已去掉。请核对留下的内容，再保存一次。"),
    "question_untrimmed_text": _l("文字前后有多余的空白。请去掉。"),
    "question_key_not_sorted": _l("答案的字母没有按顺序排列，或有重复。请改为 ABD 的样子。"),
    "question_tags_not_sorted": _l("标签没有按顺序排列，或有重复。"),
    "question_option_letters_out_of_order": _l("选项的字母没有从 A 起依次排列。"),
    "question_missing_field": _l("缺少这一项。"),
    "question_unknown_field": _l("不认识这一项。"),
    "question_wrong_type": _l("这一项的数据类型不对。"),
    # Pictures
    "question_picture_unknown": _l("题中用到的一张图片不在题库里。请先上传图片，或删去这张图片的代码。"),
    "picture_unknown": _l("没有找到这张图片。"),
    "picture_missing": _l("请选择一个图片文件。"),
    "picture_without_words": _l("请用一句话说明图片的内容，写给看不见图片的人。"),
    "picture_empty": _l("图片文件是空的。请重新保存后再上传。"),
    "picture_too_large": _l("图片超过 2 MB。请缩小后再上传。"),
    "picture_of_other_type": _l("这不是 PNG、JPEG、GIF 或 WebP 图片。请另存为其中一种后再上传。"),
    "picture_too_many_pixels": _l("图片超过两千万像素。请缩小后再上传。"),
    "picture_too_long": _l("图片为 %(width)s × %(height)s 像素，边长超过 %(most)s。请缩小后再上传。"),
    "picture_broken": _l("图片已损坏，无法读取。请重新保存后再上传。"),
}
