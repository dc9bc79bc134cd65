"""Sentences for what files of questions can be refused for, and for what is read otherwise than it was written."""

from __future__ import annotations

import re

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

# Of a file as a whole; of a single item of a package they are said as well, beside the name of the item.
_FILES: dict[str, LazyString] = {
    "unknown_format": _l(
        "没有认出文件的格式。可以导入 .xlsx、CSV、GIFT、Aiken、Moodle XML 和 QTI；也可以在“格式”中指定后再试。"
    ),
    "empty_file": _l("文件是空的（0 字节）。请重新保存后再导入。"),
    "old_or_encrypted_workbook": _l("这是旧版 .xls 文件或加了密码的文件。请在 Excel 或 WPS 中取消密码并另存为 .xlsx。"),
    "text_file_not_workbook": _l(
        "这是文本文件，不是 .xlsx 工作簿。请把“格式”改为自动识别，或在 Excel 中另存为 .xlsx。"
    ),
    "not_a_workbook": _l("这不是 .xlsx 文件（内容与扩展名不符）。请把“格式”改为自动识别，或另存为 .xlsx 后再导入。"),
    "office_file": _l("这种文件（%(value)s）不能读取。请把试题放在表格里，用 Excel 或 WPS 另存为 .xlsx 后再导入。"),
    "strict_workbook": _l("这是 Strict Open XML 工作簿，不能读取。请另存为普通的 .xlsx（Excel 工作簿）后再导入。"),
    "column_twice": _l("列“%(column)s”出现了两次。请只保留一列。"),
    "malformed_csv": _l("文件第 %(line)s 行：CSV 写法有误（%(reason)s）。请检查引号是否成对后再导入。"),
    "malformed_xml": _l("文件第 %(line)s 行第 %(column)s 列：XML 写法有误（%(reason)s）。请由导出它的系统重新导出。"),
    "wrong_root": _l("文件第 %(line)s 行：根元素是“%(root)s”，不是试题文件。请选择 Moodle XML 或 QTI 试题文件。"),
    "document_type": _l("文件第 %(line)s 行：含有 DOCTYPE 声明，出于安全不予读取。请删除这一声明后再导入。"),
    "xml_too_deep": _l("文件第 %(line)s 行：元素嵌套超过 %(most)s 层，出于安全不予读取。"),
    "element_too_large": _l("文件第 %(line)s 行：这道题（或一个标签）过大，出于安全不予读取。请拆分后再导入。"),
    "unreadable_text": _l("文件第 %(line)s 行：文字编码无法识别。请用 UTF-8、UTF-16 或 GB18030 编码另存后再导入。"),
    "forbidden_character": _l("文件第 %(line)s 行：含有不允许的字符（%(character)s）。请删除后再导入。"),
    "broken_archive": _l("压缩包已损坏，无法读取（%(reason)s）。请重新导出后再导入。"),
    "too_many_entries": _l("压缩包中的文件超过 %(most)s 个，出于安全不予读取。"),
    "unsafe_entry": _l("压缩包中的文件名“%(name)s”不安全（指向包外或是链接），整个压缩包不予读取。"),
    "unsafe_reference": _l("地址“%(name)s”指向压缩包以外，不予读取。请改为包内的相对地址。"),
    "encrypted_archive": _l("压缩包中的“%(name)s”加了密码或压缩方式不受支持。请取消密码，用普通 zip 重新打包。"),
    "entry_twice": _l("压缩包中有两个同名文件“%(name)s”。请只保留一个。"),
    "file_not_in_archive": _l("清单中列出的文件“%(name)s”不在压缩包里。请重新导出完整的内容包。"),
    "no_manifest": _l("压缩包中没有清单文件 %(name)s，不是 QTI 内容包。"),
    "package_too_large": _l("内容包里的试题总量过大，从这道题起没有读入。请分成几个内容包导入。"),
    "qti_1_not_read": _l("这是 QTI 1.x 文件（%(value)s），不能读取。请导出为 QTI 2.1 或更高版本。"),
}

_PROBLEMS: dict[str, LazyString] = {
    "kind_not_supported": _l("不支持的题型“%(value)s”，没有读入。请改为判断、单选、多选、数值、填空或案例题。"),
    "several_right_answers": _l("有几个选项（%(letters)s）同样正确，无法确定答案。请只保留一个正确选项。"),
    "no_right_answer": _l("没有一个选项是正确的。请标出正确答案。"),
    "unreadable_weight": _l("分值“%(value)s”无法识别。应是 -100 到 100 之间的百分数。"),
    "answer_missing": _l("没有找到答案行。请在选项之后写“ANSWER: ”和正确选项的字母。"),
    "answer_line_malformed": _l("答案行“%(value)s”写法有误。应写成“ANSWER: B”。"),
    "options_missing": _l("没有选项。请在题干之后逐行写出选项。"),
    "closing_brace_missing": _l("答案的左花括号没有对应的右花括号。"),
    "opening_brace_missing": _l("右花括号之前没有左花括号。题干中的花括号要写成“\\{”和“\\}”。"),
    "unescaped_sign": _l("题中另有一个“%(value)s”没有转义。请在它前面加反斜杠。"),
    "malformed_answers": _l("花括号里的答案写法有误（%(value)s）。每个答案以“=”或“~”开头。"),
    "cardinality_not_read": _l("不支持的作答方式“%(value)s”。只支持单选（single）和多选（multiple）。"),
    "choice_identifier_twice": _l("两个选项的标识相同。请由导出它的系统重新导出。"),
    "item_body_missing": _l("试题没有正文（itemBody）。"),
    "response_declaration_missing": _l("试题没有声明答案（responseDeclaration）。"),
    "option_missing": _l("选项%(key)s没有内容，却写了权重或反馈。请补上选项，或删去权重和反馈。"),
    "options_in_both": _l("“选项”一格和选项%(key)s列都有内容，无法确定以哪个为准。请只保留一处。"),
    "options_not_told_apart": _l(
        "“%(value)s”分不出各个选项。请每行写一个选项，或从 A 起依次写成“A. …”“B. …”，或用 | 分开。"
    ),
    "option_letter_unclear": _l(
        "选项%(key)s开头的字母和顿号，可能是选项的字母，也可能是选项的内容。请删去，或改写成“%(key)s. ”。"
    ),
    "number_format": _l("单元格的数字格式使显示的内容与存储的数（%(value)s）不同。请改为文本格式，照题目写法填写。"),
    "picture_in_cell": _l("单元格里是嵌入的图片，不能从表格读入。请删去；导入之后可以在试题页面上传图片。"),
    "struck_out": _l("单元格里有带删除线的文字，无法确定是否作废。请删去这些文字，或取消删除线。"),
    "several_blanks": _l(
        "像是几个空各有答案（%(value)s），填空题却只有一个空。请改为案例题的小题；同一空的几种答法用一个 | 分开。"
    ),
    "cell_beyond": _l("这一行比表头多出一格（%(value)s）。文字中的逗号等分隔符须连同文字放在英文双引号里。"),
    "case_not_found": _l("没有编号为“%(value)s”的案例题。小题所属的案例须在同一个表里，写在它的前面。"),
    "part_not_read": _l("这道案例题的小题（%(rows)s）有错，整道案例题没有读入。"),
}

_REMARKS: dict[str, LazyString] = {
    "all_or_nothing_left_out": _l("原文规定全部选对才得分；这里按组卷方案的规定给分，请核对。"),
    "answer_twice": _l("同一个答案写了两遍，只保留了第一个。"),
    "any_number_left_out": _l("原文接受任何数值的答案没有读入。"),
    "blank_answers_left_out": _l("%(count)s 个空白答案没有读入。"),
    "bounds_not_followed": _l("原文规定了总分的上下限（下限 %(lower)s，上限 %(upper)s），没有读入；请核对权重。"),
    "category_shortened": _l("分类“%(value)s”太长，知识点只取了最后一级。"),
    "code_replaced": _l("编号“%(value)s”不能使用或已用过，改用由内容生成的编号。"),
    "default_difficulty": _l("没有写明难度，按“中”读入。"),
    "file_left_out": _l("附带的 %(count)s 个文件没有读入。"),
    "fixed_order_left_out": _l("选项原文不打乱次序，这里会打乱；请改写“以上都对”一类的选项。"),
    "hint_left_out": _l("%(count)s 条提示没有读入。"),
    "item_listed_again": _l("清单还有 %(count)s 处列出同一个文件，只读入一次。"),
    "key_and_mapping_differ": _l("正确答案（%(correct)s）与分值表不一致，请核对答案。"),
    "kind_inferred": _l("没有“题型”列，题型由选项和答案推定，请核对。"),
    "markdown_kept": _l("Markdown 写法按原样保留。"),
    "markup_removed": _l("下列排版没有保留：%(elements)s。"),
    "no_source": _l("没有法规依据；补上以后才能送审。"),
    "one_right_answer": _l("可选多个但只有一个正确，按单选题读入。"),
    "part_of_case": _l("作为小题并入第 %(case_row)s 行的案例题。"),
    "penalty_cut": _l("扣分超过 100%%，按 100%% 读入。"),
    "picture_left_out": _l("图片“%(name)s”没有读入（%(reason)s），原处写明图片的说明。"),
    "points_left_out": _l("本题分值 %(value)s 没有读入；分值由组卷方案规定。"),
    "question_twice": _l("与第 %(first_row)s 题内容相同。"),
    "scoring_not_followed": _l("原文的评分规则无法照搬，按标出的正确答案评分，请核对。"),
    "standard_feedback_left_out": _l("没有读入平台自带的反馈“%(value)s”。"),
    "tag_changed": _l("标签“%(value)s”含空格或分隔符，已用下划线代替。"),
    "text_cut_off": _l("文字超过 %(most)s 字，后面的没有读入。"),
    "unit_left_out": _l("不是数值题，单位“%(value)s”没有读入。"),
    "unit_penalty_left_out": _l("单位有误时扣分的规定（%(value)s）没有读入。"),
    "units_left_out": _l("换算单位（%(units)s）没有读入，只保留基本单位。"),
    "weights_left_out": _l("判断题不分权重，只保留正确答案。"),
    "weights_scaled": _l("最好的选项只值 %(best)s%%，已按满分换算。"),
    "drawings_left_out": _l("工作簿里的图片没有读入。"),
}

# Why a picture was left out, in brackets in the sentence above.
_PICTURES: dict[str, LazyString] = {
    "missing": _l("文件里没有这张图片"),
    "picture_elsewhere": _l("地址指向网站或压缩包以外"),
    "picture_empty": _l("图片是空的"),
    "picture_too_large": _l("超过 2 MB"),
    "picture_of_other_type": _l("不是 PNG、JPEG、GIF 或 WebP 图片"),
    "picture_too_many_pixels": _l("超过两千万像素"),
    "picture_too_long": _l("边长超过 5000 像素"),
    "picture_broken": _l("图片已损坏"),
    "too_many_pictures": _l("文件里的图片总量过大"),
}

# Why a file is broken, in brackets in the sentences above, by what the readers of XML, CSV and archives say.
_REASONS: dict[str, LazyString] = {
    "syntax error": _l("这里不是 XML"),
    "no element found": _l("文件不完整，后面的内容缺失"),
    "not well-formed (invalid token)": _l("有不能这样写的字符，如单独的 & 或 <"),
    "unclosed token": _l("标签没有写完"),
    "mismatched tag": _l("开始标签与结束标签不成对"),
    "duplicate attribute": _l("同一个属性写了两次"),
    "junk after document element": _l("根元素之后还有内容"),
    "undefined entity": _l("用了没有定义的实体，如 &nbsp;"),
    "reference to invalid character number": _l("引用了不能使用的字符编号"),
    "XML or text declaration not at start of entity": _l("XML 声明前面还有内容"),
    "XML declaration not well-formed": _l("XML 声明写法有误"),
    "unclosed CDATA section": _l("CDATA 段没有结束"),
    "unbound prefix": _l("前缀没有声明命名空间"),
    "unexpected end of data": _l("引号没有成对"),
    "expected after": _l("引号之后应是分隔符"),
    "field larger than field limit": _l("一格过长，多半是引号没有成对"),
    "line too long": _l("一行过长"),
    "no directory": _l("缺少目录，多半没有下载完整"),
    "File is not a zip file": _l("缺少目录，多半没有下载完整"),
    "Bad CRC-32": _l("内容与校验值不符"),
    "Bad magic number": _l("目录与内容不符"),
    "Truncated file header": _l("内容不完整"),
    "too_many_rows": _l("题数过多"),
    "file_too_large": _l("文件过大"),
}


def reason_words(said: object) -> object:
    """Return the reason *said* by a reader of files as a value that `sentence` words; an unusual one as it is."""
    known = next((words for words in _REASONS if isinstance(said, str) and words in said), None)
    return said if known is None else {"code": _reason_code(known)}


def _reason_code(words: str) -> str:
    return "question_reason_" + "_".join(re.findall("[a-z0-9]+", words.lower()))


IMPORT_MESSAGES: dict[str, LazyString] = {
    **{_reason_code(said): words for said, words in _REASONS.items()},
    **{f"question_file_{code}": words for code, words in _FILES.items()},
    **{f"question_{code}": words for code, words in (_FILES | _PROBLEMS).items()},
    **{f"question_remark_{code}": words for code, words in _REMARKS.items()},
    **{f"question_picture_left_out_{code}": words for code, words in _PICTURES.items()},
    "question_file_too_large": _l("文件过大，没有读入。"),
    "nothing_to_export": _l("没有符合条件的试题，没有写文件。请换一个状态，或先建立试题。"),
    "nothing_carried": _l("这种格式不能表示所选试题的任何一种题型，没有写文件。请换一种格式。"),
    "question_export_refused": _l("写出的文件会超过可以再次导入的上限（%(reason)s）。请用状态筛选后分次导出。"),
}
